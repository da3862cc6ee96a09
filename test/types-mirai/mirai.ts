import { DomainPromise } from 'otel-promise-domain';
import {
  isMirai,
  type Mirai,
  type MiraiOptions,
  mirai,
  raceMirai,
  tryMirai,
  unresolved,
} from 'otel-promise-domain/mirai';
import { exactly } from '../types/exactly.js';

interface Row {
  id: number;
}

const sum = mirai((a: number, b: number) => a + b, [1, 2]);
exactly<Mirai<number>>()(sum);
exactly<Mirai<number>>()(mirai((a, b) => a + b, [1, 2]));
exactly<Mirai<string>>()(mirai(async (row: Row) => `row ${row.id}`, [{ id: 1 }]));
exactly<Mirai<string>>()(mirai((async () => 'text') as () => Promise<string>, []));
exactly<Mirai<string | null>>()(mirai(async (text: string) => (text === '' ? null : text), ['text']));
exactly<Mirai<void>>()(mirai(() => {}, []));
exactly<Mirai<never>>()(
  mirai((): never => {
    throw new Error('no');
  }, []),
);
exactly<Mirai<number>>()(mirai((...all: number[]) => all.length, [1, 2, 3]));
exactly<Mirai<string>>()(mirai((first: string, second = 'b') => first + second, ['a']));
// What a generic function takes is inferred before its arguments are looked at.
exactly<Mirai<unknown[]>>()(mirai(<T>(value: T) => [value], ['text']));
exactly<Mirai<number>>()(mirai(async () => DomainPromise.resolve(1), []));

const given = [1, 'two'] as const;
exactly<Mirai<string>>()(mirai((n: number, s: string) => s.repeat(n), given));
declare const pair: [number, string];
exactly<Mirai<string>>()(mirai((n: number, s: string) => s.repeat(n), pair));

exactly<Mirai<number> | null>()(tryMirai((a: number) => a, [1]));

// what it is
exactly<number>()(sum.id);
exactly<'awaiting' | 'executing' | 'resolved'>()(sum.state);
exactly<number | undefined>()(sum.data);
exactly<boolean>()(sum.cancel());
exactly<boolean>()(sum.cancel(new Error('enough')));
exactly<DomainPromise<string>>()(sum.then((n) => n.toFixed()));
exactly<DomainPromise<number | string>>()(sum.catch(() => 'recovered'));
exactly<DomainPromise<number>>()(sum.finally(() => {}));
exactly<number>()(await sum);
export const asDomainPromise: DomainPromise<number> = sum;
export const asPromise: Promise<number> = sum;
export const asWider: Mirai<number | string> = sum;

export function narrow(value: unknown): unknown {
  return isMirai(value) ? value.id + value.state.length : exactly<unknown>()(value);
}

exactly<Promise<number>>()(raceMirai([sum, mirai(() => 'text', [])]));
exactly<boolean>()(unresolved(sum));
exactly<boolean>()(unresolved([sum, sum]));

export const options: MiraiOptions = {
  compute: 'gpu',
  timeout: 1000,
  signal: AbortSignal.timeout(1000),
  transfer: [new ArrayBuffer(8)],
};
void mirai((bytes: ArrayBuffer) => bytes.byteLength, [new ArrayBuffer(8)], options);
void mirai(() => 1, [], { transfer: [new MessageChannel().port1] });

// @ts-expect-error one argument is missing
void mirai((a: number, b: number) => a + b, [1]);
// @ts-expect-error another type
void mirai((a: number) => a, ['1']);
// @ts-expect-error one argument too many
void mirai((a: number) => a, [1, 2]);
// @ts-expect-error not an array
void mirai((a: number) => a, 1);
// @ts-expect-error not a task
void mirai('add', [1, 2]);
// @ts-expect-error not a task
void mirai(42, []);
// @ts-expect-error an option that does not exist
void mirai(() => 1, [], { timeOut: 1 });
// @ts-expect-error milliseconds are a number
void mirai(() => 1, [], { timeout: '1s' });
// @ts-expect-error not a signal
void mirai(() => 1, [], { signal: new AbortController() });
// @ts-expect-error cannot be moved
void mirai(() => 1, [], { transfer: [{}] });
// @ts-expect-error an option of maps
void mirai(() => 1, [], { progress: true });
// @ts-expect-error set by the library alone
sum.state = 'resolved';
// @ts-expect-error set by the library alone
sum.id = 1;
// @ts-expect-error the value of another type
void sum.then((text: string) => text);
// @ts-expect-error may be null
tryMirai((a: number) => a, [1]).id;
