import { exactly, type Unchecked } from './exactly.js';

declare const anything: Unchecked;
declare const text: string;
declare const promise: Promise<number>;

exactly<string>()(text);
// @ts-expect-error wider
exactly<string | number>()(text);
// @ts-expect-error narrower
exactly<'text'>()(text);
// @ts-expect-error what is not checked at all
exactly<string>()(anything);
// @ts-expect-error another promise
exactly<PromiseLike<number>>()(promise);
