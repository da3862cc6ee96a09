import { describeStep } from '../describe-step.js';
import type { TimelineData, TimelineStep } from '../timeline.js';
import { checkQuestion } from './arguments.js';
import type { Finding } from './finding.js';
import { listOf, noSpanNamed, spansNamed, stepsAt } from './names.js';

export interface HandOffOptions {
  /** The step, `t1.0`, or any step of the tick, `t1`. Default: anywhere. */
  readonly at?: string | undefined;
}

/** Whether a span is handed over: captured at a step, or active at one outside of the call that made it active. */
export function findHandOff(
  where: string,
  timeline: TimelineData,
  span: string,
  options: HandOffOptions = {},
): Finding {
  const { at } = options;
  checkQuestion(where, timeline, span, options, ['at']);
  const labels = new Set(spansNamed(timeline, span).map(({ label }) => label));
  const handOffs = handOffsOf(timeline, labels);
  const expected = `${span} is handed off${at === undefined ? '' : ` at ${at}`}`;
  const asked = at === undefined ? timeline.steps : stepsAt(timeline, at);
  const found = asked.filter((step) => handOffs.includes(step));
  if (found.length > 0)
    return { holds: true, expected, happened: found.map(tell), points: found.map((step) => step.at) };
  const happened = labels.size === 0 ? [noSpanNamed(timeline, span)] : whyNot(timeline, labels, asked, at);
  const places = listOf(handOffs.map((step) => step.at));
  if (labels.size > 0)
    happened.push(places ? `${span} is handed off at ${places}` : `${span} is handed off nowhere`);
  return {
    holds: false,
    isVoid: labels.size === 0 || asked.length === 0,
    expected,
    happened,
    points: at === undefined ? [] : asked.map((step) => step.at),
  };
}

/** Code that runs in the call which makes a span active has it from there, and not by a hand-off. */
function handOffsOf({ steps }: TimelineData, labels: ReadonlySet<string>): readonly TimelineStep[] {
  const isAsked = (label: string | undefined) => label !== undefined && labels.has(label);
  let calls = 0;
  let tick = 0;
  return steps.filter((step) => {
    // No call outlasts its job.
    if (step.tick !== tick || step.kind === 'callback enter' || step.kind === 'await enter') calls = 0;
    tick = step.tick;
    if (step.kind === 'span activate' && isAsked(step.span)) calls += 1;
    if (step.kind === 'span deactivate' && isAsked(step.span)) calls = Math.max(0, calls - 1);
    if (step.kind === 'then captured' || step.kind === 'await captured') return isAsked(step.span);
    return calls === 0 && isAsked(step.active);
  });
}

function whyNot(
  timeline: TimelineData,
  labels: ReadonlySet<string>,
  asked: readonly TimelineStep[],
  at: string | undefined,
): string[] {
  if (at === undefined) return ['no callback and no await has it active'];
  const [step] = asked;
  if (!step) return [`there is no step ${at}; the last one is ${timeline.steps.at(-1)?.at ?? 'missing'}`];
  return [...asked.map(tell), ...whyNotActive(timeline, labels, step)];
}

/** Goes back to the `then()` of the callback, which is where a span gets lost. */
function whyNotActive({ steps }: TimelineData, labels: ReadonlySet<string>, step: TimelineStep): string[] {
  if (step.active !== undefined && labels.has(step.active))
    return [`it is active in the call that began at ${begin(steps, step)}, and not handed over there`];
  const then = steps.find(
    ({ kind, call }) => call !== undefined && call === step.call && kind.endsWith('captured'),
  );
  return then && then !== step ? [`since at ${tell(then)}`] : [];
}

function begin(steps: readonly TimelineStep[], step: TimelineStep): string {
  const before = steps.slice(0, steps.indexOf(step) + 1).reverse();
  return (
    before.find(({ kind, span }) => kind === 'span activate' && span === step.active)?.at ?? 'an earlier step'
  );
}

function tell(step: TimelineStep): string {
  return `${step.at}: ${describeStep(step)}; ${step.active === undefined ? 'no span' : step.active} is active`;
}
