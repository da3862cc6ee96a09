// The task: what each daemon loads, and runs once for each picture.
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import sharp from 'sharp';

// Each daemon does one thing at a time: it is the pool that keeps the processor cores busy.
sharp.concurrency(1);
sharp.cache(false);

const tracer = trace.getTracer('pictures');

/**
 * Writes a copy of `file` that is `width` pixels wide.
 *
 * @param {{ file: string, width: number }} picture
 * @param {string} folder - where the copy goes
 */
export async function shrink({ file, width }, folder) {
  const pixels = await inSpan('decode', () => sharp(file).raw().toBuffer({ resolveWithObject: true }));
  const fewer = await inSpan('resize', () =>
    sharp(pixels.data, { raw: pixels.info }).resize(width).raw().toBuffer({ resolveWithObject: true }),
  );
  return inSpan('encode', async () => {
    const name = `${basename(file, '.png')}-${width}.webp`;
    const bytes = await sharp(fewer.data, { raw: fewer.info }).webp({ effort: 6 }).toBuffer();
    await writeFile(join(folder, name), bytes);
    return { name, bytes: bytes.length };
  });
}

function inSpan(name, work) {
  return tracer.startActiveSpan(name, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      throw error;
    } finally {
      span.end();
    }
  });
}
