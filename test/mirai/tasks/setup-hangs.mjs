import { appendFileSync } from 'node:fs';

appendFileSync(process.env.MIRAI_STARTS, `${process.pid}\n`);
await new Promise(() => setInterval(() => {}, 1000));
