// A file of its own: zone.js replaces the global Promise when it is loaded, here after the library.
import * as library from '../../src/index.js';
import 'zone.js';
import { test } from 'vitest';
import { expectHandoffUnderZone } from '../support/zone-handoff.js';

test('under the zone.js manager, loaded after the library, callbacks are restored', () =>
  expectHandoffUnderZone(library));
