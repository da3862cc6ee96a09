import { afterEach, beforeEach, expect } from '@jest/globals';
import { timelineSerializer, watchLeaks } from 'otel-promise-domain/testing';

expect.addSnapshotSerializer(timelineSerializer);

let leaks;
beforeEach(async () => {
  leaks = await watchLeaks();
});
afterEach(() => leaks.check());
