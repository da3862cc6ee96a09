// Runs every test file in one engine, each in a process of its own.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGroup } from '../support/processes.mjs';
import { makeTally } from './tally.mjs';

const APLUS = { file: 'engines/inside/aplus.mjs', name: 'aplus' };
const FILE_LIMIT = 90_000;

/**
 * @param {object} engine - of `engines.mjs`
 * @param {{ file: string, suite: string }[]} files
 * @param {string} folder - that `prepare` made for the engine
 * @param {<R>(task: () => Promise<R>) => Promise<R>} schedule - starts a task when a processor is free
 */
export async function runEngine(engine, files, folder, schedule) {
  const tally = makeTally(engine.id);
  let hung = false;
  const run = async (task) => {
    if (hung) return { events: [], ended: 'not started: the engine had to be killed before' };
    const outcome = await runProcess(engine, task, folder);
    hung ||= outcome.late;
    return outcome;
  };
  const [aplus, ...others] = await Promise.all([
    // It waits for timers nearly all the time.
    run(APLUS),
    ...files.map(({ file }) => schedule(() => run({ file, name: file }))),
  ]);
  others.forEach((outcome, at) => {
    const { file, suite } = files[at];
    count(tally, outcome, file, () => suite);
  });
  count(tally, aplus, 'Promises/A+', ({ title }) =>
    title.startsWith('outside') ? 'aplus outside' : 'aplus inside',
  );
  tally.finish();
  return tally;
}

function count(tally, { events, ended }, file, columnOf) {
  for (const event of events) if (!event.end) tally.add(columnOf(event), file, event);
  if (!events.at(-1)?.end) tally.fail(file, `did not run to its end: ${ended}`);
}

async function runProcess({ program, args }, { file, name }, folder) {
  const events = join(folder, `${name.replaceAll('/', '-')}-${Math.random().toString(36).slice(2)}.jsonl`);
  const bundle = join(folder, 'tests', file.replace(/\.ts$/, '.mjs'));
  const group = startGroup(program, [...args, 'main.mjs', bundle, name, events], {
    cwd: folder,
    env: {
      ...process.env,
      HOME: folder,
      DENO_DIR: join(folder, 'deno'),
      DENO_NO_UPDATE_CHECK: '1',
      NO_COLOR: '1',
    },
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void group.stop();
  }, FILE_LIMIT);
  const reason = await group.ended;
  clearTimeout(timer);
  await group.stop();
  return {
    events: readEvents(events),
    late,
    ended: late ? `killed after ${FILE_LIMIT / 1000} s` : `${reason}\n${group.output()}`,
  };
}

/** What had been told of by then; a line that was being written when the process was killed is none. */
function readEvents(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}
