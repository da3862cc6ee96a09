import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { DomainContextManager, DomainPromise, withOtelPromiseDomain, withOtelSpan } from '../../src/index.js';
import { recordTimeline, type TimelineTools } from '../../src/testing/index.js';
import { register } from '../support/awaiting.js';

const managers = [
  ['DomainContextManager', () => new DomainContextManager()],
  [
    'DomainContextManager without async stack traces',
    () => new DomainContextManager({ asyncStackTraces: false }),
  ],
] as const;

const textOf = async (program: (tools: TimelineTools) => unknown) => String(await recordTimeline(program));

describe.each(managers)('in every runtime, under the %s, the text', (_name, makeManager) => {
  test('of chains that branch, follow and join is the same', async () => {
    register(makeManager());
    expect(await textOf(chains)).toBe(chainsText);
  });

  test('of awaits, one after another and at a time, is the same', async () => {
    register(makeManager());
    expect(await textOf(awaits)).toBe(awaitsText);
  });

  test('of nested spans is the same', async () => {
    register(makeManager());
    expect(await textOf(nestedSpans)).toBe(nestedSpansText);
  });

  test('of errors is the same', async () => {
    register(makeManager());
    expect(await textOf(errors)).toBe(errorsText);
  });

  test('of programs that are recorded at a time is that of each alone', async () => {
    register(makeManager());
    const texts = [chains, awaits, nestedSpans, awaits].map(textOf);
    expect(await Promise.all(texts)).toEqual([chainsText, awaitsText, nestedSpansText, awaitsText]);
  });
});

function chains({ tracer }: TimelineTools) {
  const readTitle = (page: string) => page.toUpperCase();
  const readSize = ({ length }: string) => length;
  const readLater = (page: string) => DomainPromise.resolve(page).then(readSize);
  const closePage = () => {};
  const joinParts = (parts: unknown[]) => parts.join();
  return withOtelPromiseDomain(() =>
    withOtelSpan('load', { tracer }, () => {
      const page = DomainPromise.resolve('page');
      const parts = [page.then(readTitle), page.then(readLater).finally(closePage)];
      return DomainPromise.all(parts).then(joinParts);
    }),
  );
}

function awaits({ tracer, mark, tick }: TimelineTools) {
  const query = (table: string, ticks: number) =>
    withOtelSpan(table, { tracer }, async (span) => {
      await tick(ticks);
      mark(`read ${table}`);
      await tick();
      span.setStatus({ code: SpanStatusCode.OK });
    });
  const three = () => 3;
  return withOtelSpan('request', { tracer }, async () => {
    mark('before any await');
    await tick();
    const rows = await tick(2).then(three);
    mark(`${rows} rows`);
    await DomainPromise.all([query('users', 3), query('carts', 1)]);
    mark('after both');
  });
}

async function nestedSpans({ tracer, mark, tick }: TimelineTools) {
  const rows = () => {};
  const query = (ticks: number) => withOtelSpan('query', { tracer }, () => tick(ticks).then(rows));
  await withOtelPromiseDomain(() =>
    withOtelSpan('checkout', { tracer }, () => {
      const audit = tracer.startSpan('audit');
      context.with(trace.setSpan(context.active(), audit), () => {
        tracer.startActiveSpan('write', (span) => {
          mark('written');
          span.end();
        });
      });
      audit.updateName('audit log');
      const addUp = () => query(1);
      const closeAudit = () => audit.end();
      return DomainPromise.all([query(3), query(1)])
        .then(addUp)
        .finally(closeAudit);
    }),
  );
  tracer.startSpan('forgotten', { root: true });
}

async function errors({ tracer, mark, tick }: TimelineTools) {
  const fail = () => {
    throw new RangeError('out of\nrange');
  };
  const recover = ({ name }: Error) => mark(name);
  await withOtelPromiseDomain(() =>
    withOtelSpan('first', { tracer }, () => tick().then(fail)).catch(recover),
  );
  try {
    await withOtelSpan('second', { tracer }, async () => {
      await tick(2);
      throw new TypeError('wrong');
    });
  } catch {
    mark('caught');
  }
  const twice = tracer.startSpan('twice');
  twice.end();
  twice.end();
  return withOtelSpan('third', { tracer }, () => DomainPromise.reject('no error'));
}

const chainsText = `\
at    what happens                                  active span
t0.0  enter domain otel                             -
t0.1  start span load                               -
t0.2  activate load                                 load
t0.3  #1 then(readTitle) captures load              load
t0.4  #2 then(readLater) captures load              load
t0.5  #3 finally(closePage) after #2 captures load  load
t0.6  #4 then(joinParts) captures load              load
t0.7  deactivate load                               -
t0.8  leave domain otel                             -
t1.0  #1 readTitle runs                             load
t1.1  #1 readTitle returns                          -
t1.2  #2 readLater runs                             load
t1.3  #5 then(readSize) captures load               load
t1.4  #2 readLater returns a promise                -
t2.0  #5 readSize runs                              load
t2.1  #5 readSize returns                           -
t3.0  #3 closePage runs                             load
t3.1  #3 closePage returns                          -
t4.0  #4 joinParts runs                             load
t4.1  #4 joinParts returns                          -
t5.0  end span load                                 -

spans
  load  t0.1 to t5.0

the program: fulfilled`;

const awaitsText = `\
at     what happens                        active span
t0.0   start span request                  -
t0.1   enter domain otel                   -
t0.2   activate request                    request
t0.3   mark: before any await              request
t0.4   #1 await captures request           request
t0.5   deactivate request                  -
t0.6   leave domain otel                   -
t1.0   #1 await goes on                    request
t1.1   #2 then(three) captures request     request
t1.2   #3 await after #2 captures request  request
t1.3   #1 what followed the await stops    -
t2.0   #2 three runs                       request
t2.1   #2 three returns                    -
t3.0   #3 await goes on                    request
t3.1   mark: 3 rows                        request
t3.2   start span users                    request
t3.3   activate users                      users
t3.4   #4 await captures users             users
t3.5   deactivate users                    request
t3.6   start span carts                    request
t3.7   activate carts                      carts
t3.8   #5 await captures carts             carts
t3.9   deactivate carts                    request
t3.10  #6 await captures request           request
t3.11  #3 what followed the await stops    -
t4.0   #5 await goes on                    carts
t4.1   mark: read carts                    carts
t4.2   #7 await captures carts             carts
t4.3   #5 what followed the await stops    -
t5.0   #4 await goes on                    users
t5.1   mark: read users                    users
t5.2   #8 await captures users             users
t5.3   #4 what followed the await stops    -
t6.0   #7 await goes on                    carts
t6.1   #7 what followed the await stops    -
t7.0   #8 await goes on                    users
t7.1   #8 what followed the await stops    -
t8.0   end span carts                      -
t9.0   end span users                      -
t10.0  #6 await goes on                    request
t10.1  mark: after both                    request
t10.2  #6 what followed the await stops    -
t11.0  end span request                    -

spans
  request  t0.0 to t11.0
    users  t3.2 to t9.0   ok
    carts  t3.6 to t8.0   ok

the program: fulfilled`;

const nestedSpansText = `\
at     what happens                                       active span
t0.0   enter domain otel                                  -
t0.1   start span checkout                                -
t0.2   activate checkout                                  checkout
t0.3   start span audit log                               checkout
t0.4   activate audit log                                 audit log
t0.5   start span write                                   audit log
t0.6   activate write                                     write
t0.7   mark: written                                      write
t0.8   end span write                                     write, ended
t0.9   deactivate write                                   audit log
t0.10  deactivate audit log                               checkout
t0.11  start span query (1)                               checkout
t0.12  activate query (1)                                 query (1)
t0.13  #1 then(rows) captures query (1)                   query (1)
t0.14  deactivate query (1)                               checkout
t0.15  start span query (2)                               checkout
t0.16  activate query (2)                                 query (2)
t0.17  #2 then(rows) captures query (2)                   query (2)
t0.18  deactivate query (2)                               checkout
t0.19  #3 then(addUp) captures checkout                   checkout
t0.20  #4 finally(closeAudit) after #3 captures checkout  checkout
t0.21  deactivate checkout                                -
t0.22  leave domain otel                                  -
t1.0   #2 rows runs                                       query (2)
t1.1   #2 rows returns                                    -
t2.0   end span query (2)                                 -
t3.0   #1 rows runs                                       query (1)
t3.1   #1 rows returns                                    -
t4.0   end span query (1)                                 -
t5.0   #3 addUp runs                                      checkout
t5.1   start span query (3)                               checkout
t5.2   activate query (3)                                 query (3)
t5.3   #5 then(rows) captures query (3)                   query (3)
t5.4   deactivate query (3)                               checkout
t5.5   #3 addUp returns a promise                         -
t6.0   #5 rows runs                                       query (3)
t6.1   #5 rows returns                                    -
t7.0   end span query (3)                                 -
t8.0   #4 closeAudit runs                                 checkout
t8.1   end span audit log                                 checkout
t8.2   #4 closeAudit returns                              -
t9.0   end span checkout                                  -
t10.0  start span forgotten                               -

spans
  checkout     t0.1 to t9.0
    audit log  t0.3 to t8.1
      write    t0.5 to t0.8
    query (1)  t0.11 to t4.0
    query (2)  t0.15 to t2.0
    query (3)  t5.1 to t7.0
  forgotten    t10.0, never ended

the program: fulfilled`;

const errorsText = `\
at    what happens                                                 active span
t0.0  enter domain otel                                            -
t0.1  start span first                                             -
t0.2  activate first                                               first
t0.3  #1 then(fail) captures first                                 first
t0.4  deactivate first                                             -
t0.5  #2 catch(recover) after #1 captures nothing: no active span  -
t0.6  leave domain otel                                            -
t1.0  #1 fail runs                                                 first
t1.1  #1 fail throws RangeError: out of                            -
t2.0  end span first                                               -
t3.0  #2 recover runs                                              -
t3.1  mark: RangeError                                             -
t3.2  #2 recover returns                                           -
t4.0  start span second                                            -
t4.1  enter domain otel                                            -
t4.2  activate second                                              second
t4.3  #3 await captures second                                     second
t4.4  deactivate second                                            -
t4.5  leave domain otel                                            -
t5.0  #3 await goes on                                             second
t5.1  #3 what followed the await stops                             -
t6.0  end span second                                              -
t7.0  mark: caught                                                 -
t7.1  start span twice                                             -
t7.2  end span twice                                               -
t7.3  end span twice again: it has ended at t7.2                   -
t7.4  start span third                                             -
t7.5  enter domain otel                                            -
t7.6  activate third                                               third
t7.7  deactivate third                                             -
t7.8  leave domain otel                                            -
t8.0  end span third                                               -

spans
  first   t0.1 to t2.0                 error: out of\\nrange, recorded RangeError
  second  t4.0 to t6.0                 error: wrong, recorded TypeError
  twice   t7.1 to t7.2, again at t7.3
  third   t7.4 to t8.0                 error: no error

the program: rejected: "no error"`;
