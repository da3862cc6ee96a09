import { importTasks, type Mirai, mirai } from 'otel-promise-domain/mirai';
import { exactly } from '../types/exactly.js';

const tasks = importTasks<typeof import('./work.js')>(new URL('file:///app/work.js'));
importTasks<typeof import('./work.js')>('file:///app/work.js');
importTasks<typeof import('./work.js')>('/app/work.js');

// results are those of the functions, awaited
exactly<Mirai<number>>()(mirai(tasks.add, [1, 2]));
exactly<Mirai<{ path: string; rows: string[] }>>()(mirai(tasks.load, ['a.txt']));
exactly<Mirai<{ path: string; rows: string[] }>>()(mirai(tasks.load, ['a.txt', 3]));
exactly<Mirai<boolean>>()(mirai(tasks.thenable, ['text']));
exactly<Mirai<string>>()(mirai(tasks.join, ['-']));
exactly<Mirai<string>>()(mirai(tasks.join, ['-', 'a', 'b']));
exactly<Mirai<void>>()(mirai(tasks.nothing, []));
exactly<Mirai<never>>()(mirai(tasks.fail, ['no']));
exactly<Mirai<number | undefined>>()(mirai(tasks.maybe, []));
exactly<Mirai<number | undefined>>()(mirai(tasks.maybe, [true]));
exactly<Mirai<{ id: number }>>()(mirai(tasks.default, [1]));

// A conditional type sees a generic function with its constraints, and the last one of overloads.
exactly<Mirai<unknown>>()(mirai(tasks.identity, ['anything']));
exactly<Mirai<{ length: number } | undefined>>()(mirai(tasks.longest, [['a', 'bc']]));
exactly<Mirai<bigint>>()(mirai(tasks.parse, [new Uint8Array(8), 0]));

// @ts-expect-error one argument is missing
void mirai(tasks.add, [1]);
// @ts-expect-error one argument too many
void mirai(tasks.add, [1, 2, 3]);
// @ts-expect-error another type
void mirai(tasks.add, [1, '2']);
// @ts-expect-error no arguments
void mirai(tasks.load, []);
// @ts-expect-error the limit is a number
void mirai(tasks.load, ['a.txt', 'all']);
// @ts-expect-error the rest is of strings
void mirai(tasks.join, ['-', 'a', 1]);
// @ts-expect-error takes nothing
void mirai(tasks.nothing, [undefined]);
// @ts-expect-error not what the constraint wants
void mirai(tasks.longest, [[1, 2]]);
// @ts-expect-error arguments come as an array
void mirai(tasks.add, 1, 2);

// what is no function that returns something to be sent is no task
// @ts-expect-error a generator
tasks.count;
// @ts-expect-error an async generator
tasks.pages;
// @ts-expect-error a class
tasks.Shop;
// @ts-expect-error a number
tasks.limit;
// @ts-expect-error an object
tasks.settings;
// @ts-expect-error not exported
tasks.remove;

// @ts-expect-error tasks run elsewhere: they are no functions here
tasks.add(1, 2);
// @ts-expect-error a place is needed
importTasks<typeof import('./work.js')>();
// @ts-expect-error not a place
importTasks<typeof import('./work.js')>(42);
