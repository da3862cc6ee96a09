import workerpool from 'workerpool';
import * as work from './work.mjs';

workerpool.worker({ ...work });
