// The program of the acceptance timeline. Every numbered step says what it is through `step`.
import { DomainPromise, withOtelPromiseDomain, withOtelSpan } from 'otel-promise-domain';

/**
 * @param {import('@opentelemetry/api').Tracer} tracer
 * @param {(label: string) => void} step called when a step happens, with the name of it
 */
export async function timeline(tracer, step) {
  const initAsyncWork = () => {
    step('init async work');
    return DomainPromise.resolve('work');
  };
  const work = (name) => (value) => {
    step(`${name} runs`);
    tracer.startSpan(`${name} child`).end();
    return value;
  };

  const p2 = withOtelPromiseDomain(() => {
    step('enter the domain');
    const p = withOtelSpan('async_op', { tracer }, () => {
      step('span async_op is created and active');
      const working = initAsyncWork();
      const worked = working.then(work('someAsyncWork'));
      step('then(someAsyncWork) is called');
      return worked;
    });
    step('withOtelSpan returns');
    const more = p.then(work('moreAsyncWork'));
    step('then(moreAsyncWork) is called');
    return more;
  });
  step('leave the domain');
  const final = p2.then(work('finalWork'));
  step('then(finalWork) is called');
  await final;
  step('all is done');
}
