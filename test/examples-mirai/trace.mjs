// Reads the trace that examples/mirai prints, and says what is wrong with it.

const ROW = /^(?<lead>[├│└─ ]*)(?<name>[a-z].*?) {2,}[·━╸]{32} {2,}(?<takes>\d+\.\d) ms(?<rest>.*)$/;
const REST = /^(?: +(?<waited>\d+\.\d) ms)?(?: +(?<daemon>\d+))?(?: +(?<links>→ .*))?$/;
const DAEMONS = ['1', '2'];
const WORK = ['decode', 'resize', 'encode'];

/** The rows of the printed table below its head, as a tree. */
export function readTrace(output) {
  const lines = output.split('\n');
  const head = lines.findIndex((line) => /^span +time +takes +waited +daemon +links$/.test(line));
  const roots = [];
  const open = [];
  const arrows = new Set();
  for (const line of lines.slice(head + 1).filter((line) => line !== '')) {
    const { lead, name, takes, rest } = ROW.exec(line)?.groups ?? {};
    const { waited, daemon, links } = REST.exec(rest ?? '')?.groups ?? {};
    const depth = (lead?.length ?? 0) / 3;
    const row = { line, name, takes: Number(takes), waited, daemon, links, children: [] };
    (depth === 0 ? roots : (open[depth - 1]?.children ?? [])).push(row);
    open.length = depth;
    open[depth] = row;
    if (links) arrows.add(line.indexOf('→'));
  }
  return { found: head >= 0, roots, aligned: arrows.size === 1, colored: output.includes('\u001b') };
}

/** @param {number} count - how many elements the map had */
export function* faultsOf({ found, roots, aligned, colored }, count) {
  if (!found) yield 'there is no table';
  if (colored) yield 'there are escape sequences, where no terminal is';
  if (!aligned) yield 'the arrows are not below each other';

  const [set, ...others] = roots;
  const url = /^daemons set (thread:\/\/\d+\/default)$/.exec(set?.name)?.[1];
  if (!url) yield `no daemons were set: ${set?.line}`;
  const [first, second, map, reset, ...leaving] = others;
  yield* compare(
    'daemons that connect',
    [first, second],
    [
      [`daemon connect ${url}`, '1', undefined],
      [`daemon connect ${url}`, '2', undefined],
    ],
  );
  yield* compare(
    'the map and the reset',
    [map, reset],
    [
      ['mirai_map', undefined, '→ daemons set'],
      [`daemons reset ${url}`, undefined, '→ daemons set'],
    ],
  );
  yield* compare(
    'daemons that leave',
    leaving.sort((a, b) => a.daemon - b.daemon),
    DAEMONS.map((daemon) => [`daemon disconnect ${url}`, daemon, `→ daemon connect ${daemon}`]),
  );

  const tasks = map?.children ?? [];
  const ids = new Set(tasks.map(({ name }) => /^mirai \d+$/.exec(name)?.[0]));
  if (tasks.length !== count || ids.size !== count || ids.has(undefined))
    yield `${count} elements, but ${tasks.map(({ name }) => name).join(', ')}`;
  const used = new Set();
  for (const task of tasks) yield* faultsOfTask(task, map, used);
  if (used.size !== DAEMONS.length) yield `daemons that did something: ${[...used].join() || 'none'}`;
}

function* faultsOfTask(task, map, used) {
  if (task.links !== '→ daemons set' || task.daemon) yield `wrong: ${task.line}`;
  const [evaluation, ...more] = task.children;
  if (evaluation?.name !== 'daemon eval' || more.length > 0) {
    yield `not one daemon eval below: ${task.line}`;
    return;
  }
  const { daemon, waited, links, takes, children } = evaluation;
  used.add(daemon);
  if (!waited || links !== `→ daemon connect ${daemon}` || takes > map.takes)
    yield `wrong: ${evaluation.line}`;
  yield* compare(
    `spans of ${task.name}`,
    children,
    WORK.map((name) => [name, daemon, undefined]),
  );
  const sum = children.reduce((total, child) => total + child.takes, 0);
  // Each is rounded to a tenth.
  if (sum > takes + 0.1 * (children.length + 1) || sum === 0) yield `${sum} ms of ${evaluation.line}`;
}

function* compare(what, rows, wanted) {
  const show = (fields) => fields.map((field) => field ?? '-').join(' | ');
  const happened = rows.map((row) => show([row?.name, row?.daemon, row?.links])).join('; ');
  const expected = wanted.map(show).join('; ');
  if (happened !== expected) yield `${what}:\n  expected: ${expected}\n  happened: ${happened}`;
}
