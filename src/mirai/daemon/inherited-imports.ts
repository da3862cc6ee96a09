/** Loads what the host was told to by `--import`, which Node does not do for scripts that are given as text. */
export async function loadInheritedImports(): Promise<void> {
  const { NODE_OPTIONS = '' } = process.env;
  const options = [...NODE_OPTIONS.split(' '), ...process.execArgv];
  for (const [index, option] of options.entries()) {
    const [, specifier = option === '--import' ? options[index + 1] : undefined] =
      /^--import=(.*)$/.exec(option) ?? [];
    if (specifier) await import(/* webpackIgnore: true */ /* @vite-ignore */ specifier);
  }
}
