// A file of its own: zone.js replaces the global Promise when it is loaded, here after the library.
import * as library from '../../src/index.js';
import 'zone.js';
import { expect, test } from 'vitest';
import { active, bracketingManagers, register, within } from '../support/awaiting.js';
import { expectHandoffUnderZone } from '../support/zone-handoff.js';

test('under the zone.js manager, loaded after the library, callbacks are restored', () =>
  expectHandoffUnderZone(library));

test.each(bracketingManagers)(
  'under %s, awaits are kept where zone.js has replaced Promise',
  async (_name, make) => {
    const { DomainPromise } = library;
    register(make());
    const seen: unknown[] = [];
    await within('A', async () => {
      seen.push(await DomainPromise.resolve(1), active());
      try {
        await DomainPromise.reject('reason');
      } catch (reason) {
        seen.push(reason, active());
      }
    });
    expect(Promise.name).toBe('ZoneAwarePromise');
    expect(seen).toEqual([1, 'A', 'reason', 'A']);
  },
);
