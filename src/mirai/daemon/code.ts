/** The bundle of `daemon/main.ts`, put in when the package is built. */
export const daemonCode: string = '';
