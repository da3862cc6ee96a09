/** Where to log in. */
export interface Remote {
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
}

// Nothing that ssh could take for an option, nor a shell that its configuration starts for a command.
const hosts = /^[\w:][\w.:%-]*$/;
const users = /^[\w.][\w.+@-]*$/;

/** @throws TypeError if it is no place to log in to; a password is not in the message */
export function remoteOf(text: string): Remote {
  const remote = text.includes('://') ? fromUrl(text) : fromDestination(text);
  if (remote && hosts.test(remote.host) && (remote.user === undefined || users.test(remote.user)))
    return remote;
  const shown = text.replace(/:[^/@]*@/, ':***@');
  throw new TypeError(
    `sshConfig: config.remotes must be 'ssh://user@host:22' or 'user@host', without a password (got ${JSON.stringify(shown)})`,
  );
}

/** As `ssh` takes it, the port apart. */
export function destination({ user, host }: Remote): string {
  return user === undefined ? host : `${user}@${host}`;
}

function fromUrl(text: string): Remote | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, username, password, hostname, port, pathname, search, hash } = new URL(text);
  if (protocol !== 'ssh:' || password || !['', '/'].includes(pathname) || search || hash) return undefined;
  return {
    user: username === '' ? undefined : decoded(username),
    host: withoutBrackets(hostname),
    port: port === '' ? undefined : Number(port),
  };
}

function fromDestination(text: string): Remote | undefined {
  const at = text.lastIndexOf('@');
  const host = text.slice(at + 1);
  // `host:22` would be taken for the name of a host.
  if (host.includes(':') && !host.startsWith('[')) return undefined;
  return { user: at < 0 ? undefined : text.slice(0, at), host: withoutBrackets(host), port: undefined };
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

/** An escape that is none stays, and is refused with the rest of the name. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
