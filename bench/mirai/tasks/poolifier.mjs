import { ThreadWorker } from 'poolifier';
import * as work from './work.mjs';

export const worker = new ThreadWorker({ ...work });
