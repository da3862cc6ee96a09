import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomState } from '../protocol/random-state.js';

/** Streams of random numbers that do not overlap: each starts 2^64 numbers after the one before. */
export class RandomStreams {
  readonly #generator;

  /** @param seed an integer */
  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  next(): RandomState {
    this.#generator.jump();
    return this.#generator.getState();
  }
}
