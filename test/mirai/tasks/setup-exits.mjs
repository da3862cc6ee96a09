import { appendFileSync } from 'node:fs';

appendFileSync(process.env.MIRAI_STARTS, `${process.pid}\n`);
process.exit(3);
