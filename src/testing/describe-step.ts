import type { TimelineStep } from './timeline.js';

/** What happens at a step, in one phrase: `#1 then(addTax) captures checkout`. */
export function describeStep(step: TimelineStep): string {
  return step.later ? `${phraseOf(step)} (later)` : phraseOf(step);
}

function phraseOf(step: TimelineStep): string {
  const { kind, label, note } = step;
  const span = step.span ?? 'a span';
  const noted = note ? `: ${note}` : '';
  switch (kind) {
    case 'domain enter':
      return `enter domain ${label}`;
    case 'domain leave':
      return `leave domain ${label}${noted}`;
    case 'span start':
      return `start span ${span}`;
    case 'span activate':
      return `activate ${span}`;
    case 'span deactivate':
      return `deactivate ${span}`;
    case 'span end':
      return `end span ${span}${note ? ` again${noted}` : ''}`;
    case 'then captured':
      return `${callOf(step)} captures ${span}`;
    case 'then not captured':
      return `${callOf(step)} captures nothing${noted}`;
    case 'callback enter':
      return `${callbackOf(step)} runs`;
    case 'callback leave':
      return `${callbackOf(step)} ${note ?? 'returns'}`;
    case 'await captured':
      return `#${step.call} await${step.follows === undefined ? '' : ` after #${step.follows}`} captures ${step.span ?? 'the domain'}${note ? `, and ${note}` : ''}`;
    case 'await enter':
      return `#${step.call} await goes on`;
    case 'await leave':
      return `#${step.call} what followed the await stops`;
    case 'mark':
      return `mark: ${label}`;
  }
}

function callOf({ call, follows, method = 'then', label = '' }: TimelineStep): string {
  return `#${call} ${method}(${label})${follows === undefined ? '' : ` after #${follows}`}`;
}

/** The callbacks of `then()` have names more often than not; one that has none is known by the method. */
function callbackOf({ call, method = 'then', label }: TimelineStep): string {
  return `#${call} ${label ?? `callback of ${method}()`}`;
}
