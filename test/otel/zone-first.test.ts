// A file of its own: zone.js replaces the global Promise when it is loaded, here before the library.
import 'zone.js';
import { test } from 'vitest';
import { expectHandoffUnderZone } from '../support/zone-handoff.js';

test('under the zone.js manager, loaded before the library, callbacks are restored', async () =>
  expectHandoffUnderZone(await import('../../src/index.js')));
