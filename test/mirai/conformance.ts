import { describe } from 'vitest';
import { cancelConforms } from './conformance/cancel.js';
import { errorsConform } from './conformance/errors.js';
import { everywhereConforms } from './conformance/everywhere.js';
import { leavingConforms } from './conformance/leaving.js';
import { mapConforms } from './conformance/map.js';
import { mapItemsConform } from './conformance/map-items.js';
import { memoryConforms } from './conformance/memory.js';
import { profilesConform } from './conformance/profiles.js';
import { queueConforms } from './conformance/queue.js';
import { resetConforms } from './conformance/reset.js';
import { selfConforms } from './conformance/self.js';
import { setupConforms } from './conformance/setup.js';
import { tasksConform } from './conformance/tasks.js';
import { transferConforms } from './conformance/transfer.js';
import { valuesConform } from './conformance/values.js';
import type { EngineName } from './support/engines.js';
import { endKeptPool } from './support/pool.js';

const suites = [
  valuesConform,
  tasksConform,
  errorsConform,
  transferConforms,
  queueConforms,
  cancelConforms,
  memoryConforms,
  everywhereConforms,
  leavingConforms,
  profilesConform,
  resetConforms,
  selfConforms,
  setupConforms,
  mapConforms,
  mapItemsConform,
];

/** What holds on every engine; the table of `support/engines.ts` has what one cannot have, and why. */
export function conformance(engine: EngineName): void {
  describe(`the engine ${engine}`, { timeout: 10_000 }, () => {
    endKeptPool();
    for (const conforms of suites) conforms(engine);
  });
}
