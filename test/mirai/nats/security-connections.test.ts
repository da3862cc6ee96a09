import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure } from '../support/failure.js';
import { freePort } from '../support/free-port.js';
import { daemons, mirai, status } from '../support/library.js';
import { scratchFolder } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { makeAuthority } from './support/certificates.js';
import { makeNkey, makeOperator } from './support/credentials.js';
import { allowed } from './support/daemon-process.js';
import { connectHost, seen } from './support/host.js';
import { nats, natsStatus, startNatsDaemon } from './support/library.js';
import { ownServer } from './support/own.js';

type Options = Omit<Parameters<typeof natsStatus>[0], 'servers'>;

interface Case {
  config: string;
  right: Options;
  /** What is refused, by what is wrong with it. */
  wrong: Record<string, Options>;
  /** What the refusal says. */
  says: RegExp;
}

const { values } = tasks;
const violation = /authorization violation/i;

const cases: Record<string, (folder: string) => Case> = {
  'a token': () => ({
    config: 'authorization { token: "right-token" }',
    right: { token: 'right-token' },
    wrong: { none: {}, 'another one': { token: 'wrong-token' } },
    says: violation,
  }),
  'a user and a password': () => ({
    config: 'authorization { users = [ { user: "host", password: "right-password" } ] }',
    right: { user: 'host', password: 'right-password' },
    wrong: { none: {}, 'another password': { user: 'host', password: 'wrong-password' } },
    says: violation,
  }),
  'an nkey': (folder) => {
    const [right, wrong] = [makeNkey(folder, 'right'), makeNkey(folder, 'wrong')];
    return {
      config: `authorization { users = [ { nkey: ${right.publicKey} } ] }`,
      right: { nkeyFile: right.file },
      wrong: { none: {}, 'another nkey': { nkeyFile: wrong.file } },
      says: violation,
    };
  },
  'a credentials file': (folder) => {
    const operator = makeOperator(folder);
    const stranger = makeOperator(folder);
    return {
      config: operator.config,
      right: { credentialsFile: operator.credentials('right') },
      wrong: { none: {}, 'one of another account': { credentialsFile: stranger.credentials('wrong') } },
      says: violation,
    };
  },
  TLS: (folder) => {
    const authority = makeAuthority(folder, 'authority');
    const { certFile, keyFile } = authority.sign('server');
    const { caFile } = makeAuthority(folder, 'stranger');
    return {
      config: `tls { cert_file: "${certFile}", key_file: "${keyFile}" }`,
      right: { tls: { caFile: authority.caFile } },
      wrong: { none: {}, 'another authority': { tls: { caFile } } },
      says: /certificate/i,
    };
  },
  'mutual TLS': (folder) => {
    const authority = makeAuthority(folder, 'authority');
    const { certFile, keyFile } = authority.sign('server');
    const stranger = makeAuthority(folder, 'stranger');
    const { caFile } = authority;
    return {
      config: `tls { cert_file: "${certFile}", key_file: "${keyFile}", ca_file: "${caFile}", verify: true }`,
      right: { tls: { caFile, ...authority.sign('client') } },
      wrong: {
        'no certificate': { tls: { caFile } },
        'one of another authority': { tls: { caFile, ...stranger.sign('client') } },
      },
      says: /certificate|handshake|alert|closed|disconnect|ECONNRESET/i,
    };
  },
};

describe.each(Object.entries(cases))('a server that asks for %s', { timeout: 60_000 }, (_name, make) => {
  test('takes a host, a daemon and who asks for the status; tasks run', async () => {
    const { config, right } = make(scratchFolder());
    const { url: servers } = await ownServer({ config });
    const daemon = await startNatsDaemon({ servers, ...right, modules: allowed });
    onTestFinished(() => daemon.leave());
    await connectHost({ servers, ...right });
    expect(await mirai(values.add, [1, 2])).toBe(3);
    const { daemons: there } = await natsStatus({ servers, ...right });
    expect(there.map(({ id }) => id)).toEqual([daemon.id]);
  });

  test('takes daemons that a host launches, whose command lines have no secret', async () => {
    const { config, right } = make(scratchFolder());
    const { url: servers } = await ownServer({ config });
    onTestFinished(async () => {
      await daemons(0);
    });
    await daemons(1, { engine: nats({ servers, ...right }) });
    await seen(1);
    expect(await mirai(values.add, [1, 2])).toBe(3);
    const [daemon] = status().daemons;
    const commandLine = execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(daemon?.pid)], {
      encoding: 'utf8',
    });
    expect(daemon?.pid).not.toBe(process.pid);
    expect(commandLine).toContain('node');
    for (const secret of [right.token, right.password])
      if (secret !== undefined) expect(commandLine).not.toContain(secret);
  });

  test('refuses all others, with the reason', async () => {
    const { config, wrong, says } = make(scratchFolder());
    const { url: servers } = await ownServer({ config });
    for (const [what, options] of Object.entries(wrong)) {
      const connection = { servers, connectTimeout: 3000, ...options };
      const errors = [
        await failure(() => daemons({ engine: nats(connection) })),
        await failure(() => startNatsDaemon(connection)),
        await failure(() => natsStatus(connection)),
      ];
      for (const error of errors) {
        expect(error, what).toMatchObject({ name: 'OtelPromiseDomainError', code: 'natsUnreachable' });
        expect(String(error), what).toMatch(says);
        for (const secret of [options.token, options.password])
          if (secret !== undefined) expect(String(error)).not.toContain(secret);
      }
    }
    expect(status().url).toBeUndefined();
  });
});

describe('a server whose certificate', { timeout: 60_000 }, () => {
  test.each([
    ['is of another name', 'DNS:elsewhere.invalid'],
    ['is of another address', 'IP:127.0.0.2'],
  ])('%s is refused', async (_name, names) => {
    const authority = makeAuthority(scratchFolder(), 'authority');
    const { certFile, keyFile } = authority.sign('server', names);
    const { url: servers } = await ownServer({
      config: `tls { cert_file: "${certFile}", key_file: "${keyFile}" }`,
    });
    const error = await failure(() => natsStatus({ servers, tls: { caFile: authority.caFile } }));
    expect(error).toMatchObject({ code: 'natsUnreachable' });
    expect(String(error)).toMatch(/altnames|hostname/i);
  });
});

describe('a client that asks for TLS', { timeout: 60_000 }, () => {
  test.each(['tls://', 'nats://'])('does not speak in clear to a server without it (%s)', async (scheme) => {
    const { caFile } = makeAuthority(scratchFolder(), 'authority');
    const { port } = await ownServer();
    const connection = { servers: `${scheme}127.0.0.1:${port}`, tls: { caFile }, connectTimeout: 3000 };
    const error = await failure(() => natsStatus(connection));
    expect(error).toMatchObject({ code: 'natsUnreachable' });
  });
});

describe('files', { timeout: 30_000 }, () => {
  const nowhere = '/nowhere/at-all';
  test.each([
    ['options.nkeyFile', { nkeyFile: nowhere }],
    ['options.credentialsFile', { credentialsFile: nowhere }],
    ['options.tls.caFile', { tls: { caFile: nowhere } }],
    ['options.tls.certFile', { tls: { certFile: nowhere, keyFile: nowhere } }],
  ])('%s that is not there is named, whether there is a server or not', async (option, options) => {
    const servers = `nats://127.0.0.1:${await freePort()}`;
    const error = await failure(() => natsStatus({ servers, ...options }));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(`natsStatus: ${option} must be a file that can be read (ENOENT`);
    expect(String(error)).toContain(nowhere);
  });

  test('without the seed of an nkey are named', async () => {
    const file = join(scratchFolder(), 'nkey');
    writeFileSync(file, 'SUNOTASEED');
    const error = await failure(() => natsStatus({ servers: 'nats://127.0.0.1:1', nkeyFile: file }));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(
      "natsStatus: options.nkeyFile must be a file with the seed of a user's nkey",
    );
  });
});
