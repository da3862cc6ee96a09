import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nkeys } from '@nats-io/transport-node';

type KeyPair = ReturnType<typeof nkeys.createUser>;

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT of NATS (version 2), which `issuer` signs. */
function sign(issuer: KeyPair, subject: KeyPair, name: string, nats: object): string {
  const claims = {
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    sub: subject.getPublicKey(),
    name,
    nats: { ...nats, version: 2 },
  };
  const signed = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part(claims)}`;
  return `${signed}.${Buffer.from(issuer.sign(Buffer.from(signed))).toString('base64url')}`;
}

/** An nkey, in a file. */
export function makeNkey(folder: string, name: string): { file: string; publicKey: string } {
  const user = nkeys.createUser();
  const file = join(folder, `${name}.nk`);
  writeFileSync(file, `${text(user.getSeed())}\n`);
  return { file, publicKey: user.getPublicKey() };
}

/** An operator with one account that has JetStream, as configuration, and what makes credentials of its users. */
export function makeOperator(folder: string) {
  const [operator, account, system] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createAccount()];
  const limits = { subs: -1, data: -1, payload: -1, conn: -1, leaf: -1, imports: -1, exports: -1 };
  const jetstream = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const systemName = system.getPublicKey();
  const jwts = {
    operator: sign(operator, operator, 'operator', { type: 'operator', system_account: systemName }),
    account: sign(operator, account, 'account', { type: 'account', limits: { ...limits, ...jetstream } }),
    system: sign(operator, system, 'system', { type: 'account', limits }),
  };
  const config = [
    `operator: ${jwts.operator}`,
    `system_account: ${systemName}`,
    'resolver: MEMORY',
    `resolver_preload: { ${account.getPublicKey()}: ${jwts.account}, ${systemName}: ${jwts.system} }`,
  ].join('\n');
  return {
    config,
    /** The path of a `.creds` file. */
    credentials(name: string): string {
      const user = nkeys.createUser();
      const jwt = sign(account, user, name, { type: 'user', subs: -1, data: -1, payload: -1 });
      const file = join(folder, `${name}.creds`);
      const block = (title: string, end: string, body: string) =>
        `-----BEGIN ${title}-----\n${body}\n------END ${end}------\n\n`;
      writeFileSync(
        file,
        block('NATS USER JWT', 'NATS USER JWT', jwt) +
          block('USER NKEY SEED', 'USER NKEY SEED', text(user.getSeed())),
      );
      return file;
    },
  };
}
