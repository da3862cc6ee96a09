const schemes = ['nats:', 'tls:'];

/**
 * URLs of servers that may be seen by all: on command lines, in scripts and in logs.
 *
 * @throws TypeError if one is no URL of NATS, or holds a user or a password; such a URL is not in the message
 */
export function publicServers(where: string, servers: readonly string[]): readonly URL[] {
  const expected = "a URL such as 'nats://10.0.0.5:4222'";
  if (servers.length === 0) throw new TypeError(`${where} must be ${expected} (got none)`);
  return servers.map((server) => {
    const text = server.includes('://') ? server : `nats://${server}`;
    // Also where it is no URL, nothing that may be a password is shown.
    if (text.includes('@')) {
      throw new TypeError(
        `${where} must hold no user, password or token, as command lines can be seen by others; give these to daemons in the environment (NATS_TOKEN, NATS_USER, NATS_PASSWORD) or in files`,
      );
    }
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url && url.hostname !== '' && schemes.includes(url.protocol)) return url;
    throw new TypeError(`${where} must be ${expected} (got ${JSON.stringify(server)})`);
  });
}
