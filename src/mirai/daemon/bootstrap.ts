import type { DaemonStart } from '../protocol/messages.js';

/** What a script of a daemon is to be: the daemon of a thread or of a process, or the reader beside the latter. */
export type Role = 'thread' | 'process' | 'reader';

/**
 * The script of a daemon as text, so that it starts wherever the host's code is, bundled or not. It runs as a module or
 * as CommonJS, whatever the options of the host make of it.
 *
 * @param code what `daemon/main.ts` was bundled to
 */
export function bootstrap(role: Role, start: DaemonStart, code: string): string {
  return `const vm = process.getBuiltinModule('node:vm');
const requireHere = process.getBuiltinModule('node:module').createRequire(process.cwd() + '/');
const code = ${JSON.stringify(code)};
vm.compileFunction(code, ['require', 'miraiRole', 'miraiStart', 'miraiCode'], {
  filename: 'otel-promise-domain/mirai',
  importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
})(requireHere, ${JSON.stringify(role)}, ${JSON.stringify(start)}, code);
`;
}
