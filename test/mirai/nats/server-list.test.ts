import { describe, expect, test } from 'vitest';
import { nats, natsStatus } from './support/library.js';
import { ownServer } from './support/own.js';

describe('the servers of nats()', () => {
  test.each<[unknown, string]>([
    ['', '""'],
    [' ', '""'],
    ['nats://', '"nats://"'],
    ['nats://a,', '""'],
    [[''], '""'],
    [['nats://a', 'tls://'], '"tls://"'],
    ['http://a', '"http://a"'],
    [[], 'array'],
    [undefined, 'undefined'],
    [[1], '1'],
  ])('%j are refused', (servers, shown) => {
    // cast: it is wrong
    expect(() => nats({ servers: servers as string })).toThrow(
      new TypeError(
        `nats: options.servers must be a URL such as 'nats://127.0.0.1:4222', or an array of them (got ${shown})`,
      ),
    );
  });

  test('may be given with commas between them, also in an array', async () => {
    const { url } = await ownServer();
    for (const servers of [`${url}, ${url}`, [`${url},${url}`, url], url.replace('nats://', '')]) {
      expect((await natsStatus({ servers, compute: 'listed' })).compute).toBe('listed');
    }
  });
});
