// Makes smaller copies of the pictures in docs/images on two daemons, and prints the trace of it.
import { mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { daemons, importTasks, miraiMap } from 'otel-promise-domain/mirai';
// sharp wants its libraries to be loaded in the main thread before any thread loads them.
import 'sharp';
import { drawTrace } from './draw-trace.mjs';
import { finishedSpans } from './tracing.mjs';

const pictures = new URL('../../docs/images/', import.meta.url);
const widths = [1200, 960, 720, 480, 240, 120];
const folder = resolve(process.argv[2] ?? (await mkdtemp(join(tmpdir(), 'pictures-'))));

const { shrink } = importTasks(new URL('shrink.mjs', import.meta.url));

const files = (await readdir(pictures)).filter((file) => file.endsWith('.png'));
const wanted = files.flatMap((file) =>
  widths.map((width) => ({ file: fileURLToPath(new URL(file, pictures)), width })),
);

await mkdir(folder, { recursive: true });
const pool = await daemons(2);
try {
  const made = await miraiMap(wanted, shrink, { args: [folder], progress: true });
  for (const { name, bytes } of made) console.log(`${name.padEnd(28)} ${String(bytes).padStart(6)} B`);
} finally {
  await pool.reset();
}

console.log(`in ${folder}\n`);
console.log(drawTrace(finishedSpans(), { colors: process.stdout.isTTY && !process.env.NO_COLOR }));
