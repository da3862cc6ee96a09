import type { TimelineStep } from '../timeline.js';

/** One run of a callback, or of what follows an await. Steps are named by their index. */
export interface Run {
  readonly enter: number;
  /** Absent where the recording ends before. */
  readonly leave?: number;
  /** The last step in it. */
  readonly last: number;
  readonly span?: string;
  /** What it has thrown, in words. */
  readonly thrown?: string;
}

/** A `then()` or an `await`. */
export interface Call {
  /** As it was recorded; below 0 for one without a number. */
  readonly number: number;
  readonly kind: 'then' | 'await';
  /** The step of the call; absent where only the callback was recorded. */
  readonly made?: number;
  readonly captured: boolean;
  /** The span that was captured, or that was active when nothing was captured. */
  readonly expected?: string;
  readonly method: 'then' | 'catch' | 'finally';
  readonly label?: string;
  readonly note?: string;
  readonly follows?: number;
  readonly runs: readonly Run[];
}

type Draft = Omit<Call, 'runs'> & { readonly runs: Run[]; open: number | undefined };

/** `#3`, or nothing for a call without a number. */
export function callName(number: number): string {
  return number > 0 ? `#${number}` : '';
}

function endOfTick(steps: readonly TimelineStep[], index: number): number {
  let last = index;
  while (steps[last + 1]?.tick === steps[index]?.tick) last++;
  return last;
}

function drafted(step: TimelineStep, index: number, number: number): Draft {
  const { label, note, follows, method = 'then' } = step;
  const made = step.kind.startsWith('then') || step.kind === 'await captured';
  const captured = step.kind === 'then captured' || step.kind === 'await captured';
  const expected = captured ? (step.span ?? step.active) : step.active;
  return {
    number,
    kind: step.kind.startsWith('await') ? 'await' : 'then',
    captured,
    method,
    ...(made && { made: index }),
    ...(made && expected !== undefined && { expected }),
    ...(label !== undefined && { label }),
    ...(made && note !== undefined && { note }),
    ...(made && follows !== undefined && { follows }),
    runs: [],
    open: undefined,
  };
}

function close(draft: Draft, steps: readonly TimelineStep[], leave: number | undefined): void {
  const enter = draft.open;
  if (enter === undefined) return;
  draft.open = undefined;
  const last = leave ?? endOfTick(steps, enter);
  const span = steps[enter]?.active;
  const note = leave === undefined ? undefined : steps[leave]?.note;
  const thrown = note?.startsWith('throws ') ? note : undefined;
  draft.runs.push({
    enter,
    last,
    ...(leave !== undefined && { leave }),
    ...(span !== undefined && { span }),
    ...(thrown !== undefined && { thrown }),
  });
}

/** The calls of a timeline in the order in which they first appear. */
export function collectCalls(steps: readonly TimelineStep[]): readonly Call[] {
  const drafts: Draft[] = [];
  const byNumber = new Map<number, Draft>();

  steps.forEach((step, index) => {
    if (!/^(?:then|callback|await) /.test(step.kind)) return;
    const makes = step.kind.endsWith('captured');
    const known = step.call === undefined ? undefined : byNumber.get(step.call);
    let draft = makes ? undefined : known;
    if (draft === undefined) {
      const number = known === undefined && step.call !== undefined ? step.call : -1 - index;
      draft = drafted(step, index, number);
      drafts.push(draft);
      byNumber.set(number, draft);
    }
    if (step.kind.endsWith('enter')) {
      close(draft, steps, undefined);
      draft.open = index;
    } else if (step.kind.endsWith('leave')) {
      draft.open ??= index;
      close(draft, steps, index);
    }
  });

  for (const draft of drafts) close(draft, steps, undefined);
  return drafts;
}
