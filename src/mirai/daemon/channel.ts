/** File descriptors beside stdin, stdout and stderr: the first one is for both directions, the second for results alone. */
export const channel = { host: 3, results: 4 };
