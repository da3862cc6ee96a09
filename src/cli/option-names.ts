/** Options of the library that the command has under other names, or as arguments. */
const names: Readonly<Record<string, string>> = {
  servers: "option '--url'",
  nkeyFile: "option '--nkey'",
  credentialsFile: "option '--creds'",
  'tls.caFile': "option '--tls-ca'",
  'tls.certFile': "option '--tls-cert'",
  'tls.keyFile': "option '--tls-key'",
  n: "option '-n'",
  tunnel: "option '--tunnel-port'",
  headers: "option '--header'",
  token: "option '--bearer-file'",
  remotes: "argument 'remotes'",
  url: "argument 'address'",
  args: "argument 'args'",
  'daemon.command': "option '--daemon-command'",
  'sshConfig.command': "option '--ssh'",
  'sshConfig.options': "option '--ssh-option'",
  'clusterConfig.command': "option '--submit'",
  'clusterConfig.options': "option '--directive'",
  'remoteConfig.command': "argument 'command'",
};

/** How messages about bad arguments of the library begin, and some others. */
const beginning =
  /^(launchRemote|startNatsDaemon|natsStatus|\w+Config): (?:(?:options|config)\.(daemon\.)?((?:tls\.)?\w+)(?:\[[^\]]*\])?)?/gm;

export function isAboutArgument(message: string): boolean {
  return message.search(beginning) === 0;
}

/** Without the names of functions and of their arguments, which the user of the command does not know. */
export function inTermsOfCommand(message: string): string {
  return message.replace(beginning, (_, where: string, daemon = '', name?: string) => {
    if (name === undefined) return '';
    const own = names[`${daemon || `${where}.`}${name}`] ?? names[name];
    return own ?? `option '--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}'`;
  });
}
