import fc from 'fast-check';
import type { JobSpec, OnAbort, Schedule, Step, World } from './schedule.js';

/** What the random schedules of a property are made of. */
export interface Mix {
  /** How often each step is drawn. */
  readonly steps: Partial<Record<Step['step'], number>>;
  readonly world?: Partial<{ [K in keyof World]: fc.Arbitrary<World[K]> }>;
  readonly kinds?: readonly Kind[];
  readonly end?: Schedule['end'];
  /** The least and the most of steps. */
  readonly length?: readonly [number, number];
}

/** `moody` is mostly short; each `new` one is of a kind of its own. */
type Kind = 'instant' | 'short' | 'middling' | 'long' | 'moody' | 'new';

const times: Record<Kind, fc.Arbitrary<number>> = {
  instant: fc.constant(0),
  short: fc.constantFrom(0.01, 0.02, 0.05),
  middling: fc.constantFrom(0.3, 0.5),
  long: fc.constantFrom(15, 20, 50),
  moody: fc.constantFrom(0.02, 0.02, 0.02, 0.02, 30),
  new: fc.constantFrom(0, 0.02, 5, 30),
};

const allKinds: readonly Kind[] = ['instant', 'short', 'short', 'middling', 'long', 'moody', 'moody', 'new'];

export const never = fc.constant<readonly number[]>([]);
export const delays = fc.array(fc.constantFrom(0, 0.01, 0.05, 0.4, 3), { minLength: 1, maxLength: 4 });
const daemon = fc.nat({ max: 5 });
const onAbort = fc.constantFrom<OnAbort>('ends', 'ends', 'goes on', 'crashes');

function randomJob(kinds: readonly Kind[]): fc.Arbitrary<JobSpec> {
  return fc.constantFrom(...kinds).chain((kind) =>
    fc.record({
      kind: fc.constant(kind === 'new' ? undefined : kind),
      takes: times[kind],
      bytes: fc.constantFrom(0, 1, 1, 2, 3, 5, 8),
      pinned: fc.constantFrom(false, false, false, true),
      retries: fc.constantFrom(0, 0, 1, 2),
      onAbort,
    }),
  );
}

function randomStep(kinds: readonly Kind[], often: Mix['steps']): fc.Arbitrary<Step> {
  const job = randomJob(kinds);
  const which = fc.nat({ max: 30 });
  const ms = fc.constantFrom(0, 0.005, 0.02, 0.1, 1, 5, 40);
  const is = <K extends Step['step']>(step: K) => fc.constant(step);
  const steps: { [K in Step['step']]: fc.Arbitrary<Extract<Step, { step: K }>> } = {
    submit: fc.record({ step: is('submit'), job, times: fc.integer({ min: 1, max: 9 }) }),
    try: fc.record({ step: is('try'), job }),
    wait: fc.record({ step: is('wait'), ms }),
    cancel: fc.record({ step: is('cancel'), job: which }),
    'time out': fc.record({ step: is('time out'), job: which, after: ms }),
    crash: fc.record({ step: is('crash'), daemon }),
    retire: fc.record({ step: is('retire'), daemon }),
    join: fc.record({ step: is('join') }),
    everywhere: fc.record({ step: is('everywhere'), min: fc.constantFrom(0, 0, 1, 2, 3), job }),
  };
  const chosen = Object.values(steps).flatMap((arbitrary, index) => {
    const weight = Object.entries(often).find(([step]) => step === Object.keys(steps)[index])?.[1] ?? 0;
    return weight > 0 ? [{ arbitrary, weight }] : [];
  });
  return fc.oneof(...chosen);
}

export function randomSchedule(mix: Mix): fc.Arbitrary<Schedule> {
  const kinds = mix.kinds ?? allKinds;
  const step = randomStep(kinds, mix.steps);
  const world = fc.record<World>({
    memory: fc.constant(Number.POSITIVE_INFINITY),
    maxTasks: fc.constant(Number.POSITIVE_INFINITY),
    direct: fc.constant(false),
    daemons: fc.nat({ max: 4 }),
    there: fc.oneof(never, delays),
    back: fc.oneof(never, delays),
    claims: fc.boolean(),
    rest: fc.constantFrom(0, 0, 0.004, 1),
    blames: fc.constant('started'),
    drops: fc.boolean(),
    reactions: fc.constant([]),
    ...mix.world,
  });
  const [minLength, maxLength] = mix.length ?? [1, 40];
  const steps = fc.array(step, { minLength, maxLength, size: 'max' });
  return fc.record({ world, steps, end: fc.constant(mix.end ?? 'drain') });
}

/** Things to be done in the middle of decisions: mostly nothing. */
export function randomReactions(): fc.Arbitrary<World['reactions']> {
  const step = randomStep(allKinds, { submit: 2, cancel: 4, retire: 1, join: 1, crash: 1, everywhere: 1 });
  return fc.array(fc.option(step, { nil: undefined, freq: 2 }), { minLength: 1, maxLength: 8 });
}
