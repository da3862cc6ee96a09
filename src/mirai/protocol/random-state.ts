/** State of a `pure-rand` generator. */
export type RandomState = readonly number[];
