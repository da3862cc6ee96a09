import { realpathSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MiraiError } from '../../../errors.js';
import type { TaskSource } from '../../../protocol/messages.js';

const named = /^([A-Za-z0-9_.@/-]+)=(.+)$/;
const byName = /^mirai:(.+)$/;

/** For how many ms it is known where a module is: to look for it takes longer than a small task. */
const knownFor = 1000;

/** Of how many URLs: one file has any number of them. */
const mostKnown = 1000;

/** What a daemon runs: modules that were named to it, and functions by their source only if it was told so. */
export class AllowList {
  readonly #allowsSource: boolean;
  readonly #allowsAll: boolean;
  readonly #files = new Set<string>();
  readonly #directories: string[] = [];
  readonly #names = new Map<string, string>();
  /** Where modules are, by the URLs that were admitted. */
  readonly #known = new Map<string, { readonly url: string; readonly until: number }>();

  /**
   * @param modules files, directories, and `name=file`; `*` allows whatever module a host names
   * @throws TypeError if one of them is not there
   */
  constructor(where: string, modules: readonly string[], allowsSource: boolean) {
    this.#allowsSource = allowsSource;
    this.#allowsAll = modules.includes('*');
    for (const entry of modules) {
      if (entry === '*') continue;
      const [, name, path = entry] = named.exec(entry) ?? [];
      const real = realPath(path.startsWith('file:') ? fileURLToPath(path) : resolve(path));
      if (real === undefined) {
        throw new TypeError(
          `${where}: options.modules must name files and directories that are there (got ${JSON.stringify(entry)})`,
        );
      }
      if (name !== undefined) this.#names.set(name, real);
      else if (statSync(real).isDirectory()) this.#directories.push(join(real, sep));
      else this.#files.add(real);
    }
  }

  /** Where the task is found here. @throws MiraiError if it is not allowed */
  admit(source: TaskSource): TaskSource {
    if (source.kind === 'source') {
      if (this.#allowsSource) return source;
      throw new MiraiError(
        'the daemon runs no functions whose source is sent: export the function from a module on its allow list, or start it with --allow-source',
      );
    }
    if (this.#allowsAll && !byName.test(source.url)) return source;
    const now = performance.now();
    const known = this.#known.get(source.url);
    if (known && now < known.until) return { ...source, url: known.url };
    const url = pathToFileURL(this.#path(source.url)).href;
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(source.url, { url, until: now + knownFor });
    return { ...source, url };
  }

  #path(url: string): string {
    const [, name] = byName.exec(url) ?? [];
    if (name === undefined) return this.#file(url);
    const path = this.#names.get(name);
    if (path === undefined) throw notAllowed(url, 'has no module of that name');
    return path;
  }

  /** The file itself, whatever links and dots lead to it. */
  #file(url: string): string {
    if (!URL.canParse(url) || new URL(url).protocol !== 'file:')
      throw notAllowed(url, 'loads modules from files only');
    let path: string;
    try {
      path = fileURLToPath(new URL(url));
    } catch {
      throw notAllowed(url, 'loads modules from files of its own only');
    }
    const real = realPath(path);
    if (
      real !== undefined &&
      (this.#files.has(real) || this.#directories.some((each) => real.startsWith(each)))
    ) {
      return real;
    }
    throw notAllowed(url, 'does not have it on its allow list');
  }
}

function notAllowed(url: string, why: string): MiraiError {
  return new MiraiError(`the module ${JSON.stringify(url)} is not run: the daemon ${why} (--modules)`);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
