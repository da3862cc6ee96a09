import { DomainPromise, withOtelPromiseDomain, withOtelSpan } from '../../src/index.js';
import type { TimelineTools } from '../../src/testing/index.js';

/** The program of the acceptance timeline, as its seed has it. */
export async function acceptanceProgram({ tracer, mark }: TimelineTools): Promise<void> {
  const initAsyncWork = () => DomainPromise.resolve('work');
  const someAsyncWork = (value: string) => value;
  const moreAsyncWork = (value: string) => value;
  const finalWork = (value: string) => value;
  const p2 = withOtelPromiseDomain(() => {
    const p = withOtelSpan('async_op', { tracer }, () => initAsyncWork().then(someAsyncWork));
    return p.then(moreAsyncWork);
  });
  const pFinal = p2.then(finalWork);
  await pFinal;
  mark('pFinal has resolved');
}

export const acceptanceText = `
  at    what happens                                                      active span
  t0.0  enter domain otel                                                 -
  t0.1  start span async_op                                               -
  t0.2  activate async_op                                                 async_op
  t0.3  #1 then(someAsyncWork) captures async_op                          async_op
  t0.4  deactivate async_op                                               -
  t0.5  #2 then(moreAsyncWork) after #1 captures nothing: no active span  -
  t0.6  leave domain otel                                                 -
  t0.7  #3 then(finalWork) after #2 captures nothing: no domain           -
  t1.0  #1 someAsyncWork runs                                             async_op
  t1.1  #1 someAsyncWork returns                                          -
  t2.0  end span async_op                                                 -
  t3.0  #2 moreAsyncWork runs                                             -
  t3.1  #2 moreAsyncWork returns                                          -
  t4.0  #3 finalWork runs                                                 -
  t4.1  #3 finalWork returns                                              -
  t5.0  mark: pFinal has resolved                                         -

  spans
    async_op  t0.1 to t2.0

  the program: fulfilled
`;
