import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { delays, type Mix, never, randomReactions, randomSchedule } from './simulation/random-schedule.js';
import { runSchedule } from './simulation/run-schedule.js';
import { type Situation, situations } from './simulation/situations.js';

const schedulesEach = 500;
const timeout = 60_000;

const jobs: Mix['steps'] = { submit: 8, wait: 6, try: 1, cancel: 2, 'time out': 1 };
const steps: Mix['steps'] = { ...jobs, join: 1, crash: 1, retire: 1, everywhere: 1 };
const atOnce = { there: never, back: never, claims: fc.constant(true), rest: fc.constant(0) };
const late = { there: delays, back: delays, claims: fc.constant(false) };
const claimed = { ...late, claims: fc.constant(true) };
const memory = fc.constantFrom(3, 6, 10);
const anyMemory = fc.oneof(memory, fc.constant(Number.POSITIVE_INFINITY));
const maxTasks = fc.integer({ min: 1, max: 4 });
const direct = fc.constant(true);
const longOrNew: Mix = {
  steps,
  kinds: ['long', 'new'],
  world: { ...atOnce, memory: anyMemory },
};

const mixes: Record<string, Mix> = {
  'daemons that answer at once': { steps, world: atOnce },
  'daemons that answer late': { steps, world: late },
  'late messages, and jobs claimed back at once': { steps, world: claimed },
  'late results, and jobs claimed back at once': { steps, world: { ...claimed, there: never } },
  'nothing but short jobs': { steps, kinds: ['instant', 'short'] },
  'jobs that are mostly short': { steps: { submit: 8, wait: 8, join: 1 }, kinds: ['short', 'moody'] },
  'jobs that are long or of an unknown kind': longOrNew,
  'little memory': { steps: { ...steps, try: 4 }, world: { ...atOnce, memory } },
  'little memory and late answers': { steps: { ...steps, try: 4 }, world: { ...late, memory } },
  'daemons that leave after a few jobs': { steps, world: { maxTasks } },
  'daemons that leave after a few jobs, and little memory': { steps, world: { maxTasks, memory } },
  'jobs dealt out to daemons that answer at once': { steps, world: { ...atOnce, direct } },
  'jobs dealt out to daemons that answer late': { steps, world: { ...late, direct } },
  'jobs dealt out, little memory, and daemons that leave': { steps, world: { direct, memory, maxTasks } },
  'many barriers': { steps: { ...steps, everywhere: 6 } },
  'many barriers, and daemons that come and go': {
    steps: { submit: 6, wait: 6, everywhere: 4, join: 4, crash: 3, retire: 2 },
  },
  'many barriers where jobs are dealt out': { steps: { ...steps, everywhere: 5 }, world: { direct } },
  'daemons that crash': { steps: { submit: 8, wait: 6, crash: 5, join: 5, cancel: 1 } },
  'daemons that crash, and the first job is to blame': {
    steps: { ...steps, crash: 5, join: 5 },
    world: { blames: fc.constant('first'), back: never },
  },
  'many cancelled jobs': { steps: { ...jobs, cancel: 8, 'time out': 4, join: 1 }, world: atOnce },
  'many cancelled jobs and late answers': {
    steps: { ...steps, cancel: 8, 'time out': 4, join: 3 },
    kinds: ['short', 'short', 'moody'],
    world: late,
  },
  'daemons that come and go': { steps: { submit: 8, wait: 6, join: 4, retire: 4 } },
  'events in the middle of decisions': { steps, world: { reactions: randomReactions() } },
  'clear() in the middle': { steps, end: 'clear', world: { memory } },
  'clear() in the middle of jobs dealt out': { steps, end: 'clear', world: { direct } },
  'all sorts of things': { steps, world: { memory: anyMemory, maxTasks, direct: fc.boolean() } },
};

describe('random schedules keep all rules', () => {
  test.each(Object.entries(mixes))(
    '%s',
    (_name, mix) => {
      fc.assert(
        fc.property(randomSchedule(mix), (schedule) => void runSchedule(schedule)),
        { numRuns: schedulesEach },
      );
    },
    timeout,
  );

  test.each([
    ['jobs sent ahead', { steps, world: { memory: anyMemory } }],
    ['jobs dealt out', { steps, world: { direct, memory: anyMemory } }],
  ] satisfies [string, Mix][])(
    'long schedules: %s',
    (_name, mix) => {
      fc.assert(
        fc.property(randomSchedule({ ...mix, length: [600, 900] }), (schedule) => void runSchedule(schedule)),
        { numRuns: 3 },
      );
    },
    timeout,
  );
});

test(
  'jobs of long or unknown duration start in the order of submission',
  () => {
    fc.assert(
      fc.property(randomSchedule(longOrNew), (schedule) => {
        const firstStarts = [...new Set(runSchedule(schedule).starts)].map(({ order }) => order);
        expect(firstStarts).toEqual([...firstStarts].sort((one, other) => one - other));
      }),
      { numRuns: schedulesEach },
    );
  },
  timeout,
);

test(
  'random schedules reach every kind of situation',
  () => {
    const reached = new Set<Situation>();
    for (const mix of Object.values(mixes)) {
      for (const schedule of fc.sample(randomSchedule(mix), { numRuns: 50, seed: 1 })) {
        for (const situation of runSchedule(schedule).reached) reached.add(situation);
      }
    }
    expect(situations.filter((situation) => !reached.has(situation))).toEqual([]);
  },
  timeout,
);
