// The program of the acceptance timeline of the span handoff.
import { DomainPromise, withOtelPromiseDomain, withOtelSpan } from 'otel-promise-domain';

const initAsyncWork = () => DomainPromise.resolve('work');
const someAsyncWork = (value) => value;
const moreAsyncWork = (value) => value;
const finalWork = (value) => value;

/** @param {import('otel-promise-domain/testing').TimelineTools} tools */
export async function timeline({ tracer, mark }) {
  const p2 = withOtelPromiseDomain(() => {
    const p = withOtelSpan('async_op', { tracer }, () => initAsyncWork().then(someAsyncWork));
    return p.then(moreAsyncWork);
  });
  const pFinal = p2.then(finalWork);
  await pFinal;
  mark('pFinal has resolved');
}
