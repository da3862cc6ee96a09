import { expect, test } from 'vitest';
import type { TimelineTools } from '../../src/testing/index.js';

// As in a browser: nothing but domain promises tells whose code is running.
const { process = {} } = globalThis as { process?: { getBuiltinModule?: unknown } };
const { getBuiltinModule } = process;
process.getBuiltinModule = undefined;
const { DomainPromise, withOtelSpan } = await import('../../src/index.js');
const { recordTimeline } = await import('../../src/testing/index.js');
process.getBuiltinModule = getBuiltinModule;

const program =
  (name: string) =>
  ({ tracer, mark, tick }: TimelineTools) =>
    withOtelSpan(name, { tracer }, async () => {
      await tick(3);
      mark(name);
      await DomainPromise.resolve().then(() => withOtelSpan(`child of ${name}`, { tracer }, () => tick()));
      mark(`${name} again`);
    });

test('recordings at the same time have the same text as each alone', async () => {
  const names = ['one', 'two', 'three'];
  const alone = [];
  for (const name of names) alone.push(String(await recordTimeline(program(name))));
  const together = await Promise.all(names.map((name) => recordTimeline(program(name))));
  expect(together.map(String)).toEqual(alone);
  expect(alone[0]).toContain('child of one');
});

test('the only recording has what follows the await of a native promise', async () => {
  const timeline = await recordTimeline(async () => {
    await Promise.resolve();
    await DomainPromise.resolve().then(() => {});
  });
  expect(timeline.steps).toHaveLength(3);
});
