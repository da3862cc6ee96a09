import { appendFileSync, existsSync } from 'node:fs';

appendFileSync(process.env.MIRAI_STARTS, `${process.pid}\n`);
if (existsSync(`${process.env.MIRAI_STARTS}.broken`)) process.exit(3);
