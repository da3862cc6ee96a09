import { expect, test } from 'vitest';
import { inTermsOfCommand, isAboutArgument } from '../../src/cli/option-names.js';

test.each([
  ['startNatsDaemon: options.idleTime must be', "option '--idle-time' must be"],
  ['startNatsDaemon: options.nkeyFile must be', "option '--nkey' must be"],
  ['natsStatus: options.tls.caFile must be', "option '--tls-ca' must be"],
  ['sshConfig: config.daemon.modules[0] must be', "option '--modules' must be"],
  ['sshConfig: config.daemon.command[1] must be', "option '--daemon-command' must be"],
  ['sshConfig: config.command must be', "option '--ssh' must be"],
  ['sshConfig: config.remotes must be', "argument 'remotes' must be"],
  ['clusterConfig: config.command must be', "option '--submit' must be"],
  ['clusterConfig: config.options must be', "option '--directive' must be"],
  ['clusterConfig: config.n must be', "option '-n' must be"],
  ['httpConfig: config.headers["a b"] must be', "option '--header' must be"],
  ['launchRemote: the command false failed', 'the command false failed'],
])('inTermsOfCommand(%j)', (message, shown) => {
  expect(inTermsOfCommand(message)).toBe(shown);
  expect(inTermsOfCommand(`first\n${message}`)).toBe(`first\n${shown}`);
  expect([message, shown].map(isAboutArgument)).toEqual([true, false]);
});
