import { appendFileSync } from 'node:fs';

// Once its daemon has said that it is ready.
setTimeout(() => appendFileSync(process.env.MIRAI_STARTS, 'up\n'));
