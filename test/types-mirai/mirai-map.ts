import type { DomainPromise } from 'otel-promise-domain';
import {
  everywhere,
  importTasks,
  isMiraiMap,
  type MapProgress,
  type MiraiMap,
  type MiraiMapOptions,
  miraiMap,
  unresolved,
} from 'otel-promise-domain/mirai';
import { exactly } from '../types/exactly.js';

const tasks = importTasks<typeof import('./work.js')>(new URL('file:///app/work.js'));
declare const stream: AsyncIterable<string>;

const lengths = miraiMap(['a', 'bc'], (text: string) => text.length);
exactly<MiraiMap<number>>()(lengths);
exactly<MiraiMap<number>>()(miraiMap(['a', 'bc'], (text) => text.length));
exactly<MiraiMap<number>>()(miraiMap(new Set(['a']), (text) => text.length));
exactly<MiraiMap<number>>()(miraiMap(stream, (text) => text.length));
exactly<MiraiMap<string>>()(miraiMap(new Map([['a', 1]]), ([key, value]) => key.repeat(value)));
exactly<MiraiMap<string>>()(miraiMap([1, 2], async (n: number) => n.toFixed()));
exactly<MiraiMap<number>>()(miraiMap([1, 2] as const, (n: number) => n));
exactly<MiraiMap<number>>()(miraiMap([1, 2], tasks.add, { args: [10] }));
exactly<MiraiMap<{ path: string; rows: string[] }>>()(miraiMap(['a.txt'], tasks.load));
exactly<MiraiMap<{ path: string; rows: string[] }>>()(miraiMap(['a.txt'], tasks.load, { args: [3] }));
exactly<MiraiMap<string>>()(miraiMap(['-'], tasks.join, { args: ['a', 'b'] }));
exactly<MiraiMap<unknown>>()(miraiMap(['a'], tasks.identity));
exactly<MiraiMap<number>>()(
  miraiMap([1, 2], (n: number, by: number, more: string) => n * by + more.length, { args: [2, 'x'] }),
);

// what it is
exactly<number[]>()(await lengths);
exactly<DomainPromise<PromiseSettledResult<number>[]>>()(lengths.settled());
exactly<boolean[]>()(lengths.cancel());
exactly<boolean[]>()(lengths.cancel('enough'));
exactly<DomainPromise<number>>()(lengths.then((all) => all.length));
for await (const length of lengths) exactly<number>()(length);
exactly<boolean>()(unresolved(lengths));
export const asDomainPromise: DomainPromise<number[]> = lengths;

export function narrow(value: unknown): void {
  if (isMiraiMap(value)) exactly<boolean[]>()(value.cancel());
}

// everywhere
exactly<MiraiMap<number>>()(everywhere((a: number) => a, [1]));
exactly<MiraiMap<number>>()(everywhere(tasks.add, [1, 2], { min: 2, compute: 'gpu' }));

// options
void miraiMap([1], (n: number) => n, { progress: true, timeout: 1000 });
void miraiMap([1], (n: number) => n, {
  progress: (now) => {
    exactly<MapProgress>()(now);
    exactly<number>()(now.done);
    exactly<number | undefined>()(now.total);
    exactly<number>()(now.partial);
  },
});
export const options: MiraiMapOptions = { compute: 'gpu', progress: false, timeout: 1000 };
exactly<MiraiMap<number>>()(miraiMap(['a'], (text) => text.length, options));
export const withArgs: MiraiMapOptions<[number]> = { args: [1] };

// @ts-expect-error elements of another type
void miraiMap([1, 2], (text: string) => text.length);
// @ts-expect-error elements of another type
void miraiMap([1, 2], tasks.load);
// @ts-expect-error arguments of another type
void miraiMap([1, 2], tasks.add, { args: ['ten'] });
// @ts-expect-error one argument too many
void miraiMap([1, 2], tasks.add, { args: [10, 20] });
// @ts-expect-error one argument is missing
void miraiMap([1, 2], tasks.add);
// @ts-expect-error nothing to iterate
void miraiMap(42, (n: number) => n);
// @ts-expect-error not a task
void miraiMap([1], 'load');
// @ts-expect-error an option that does not exist
void miraiMap([1], (n: number) => n, { Progress: true });
// @ts-expect-error neither a switch nor a listener
void miraiMap([1], (n: number) => n, { progress: 'bar' });
// @ts-expect-error an option of maps
void everywhere((a: number) => a, [1], { progress: true });
// @ts-expect-error one argument is missing
void everywhere(tasks.add, [1]);
