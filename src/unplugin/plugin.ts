import { fileURLToPath } from 'node:url';
import type { FilterPattern, UnpluginOptions } from 'unplugin';
import { check } from '../errors.js';
import { mayAwait, transformAwaits } from './transform-awaits.js';

export interface AwaitPluginOptions {
  /**
   * The modules to transform, by their ids: globs (relative ones from the working directory), regular expressions, or
   * arrays of them. Default: those whose extension is that of JavaScript, TypeScript, Vue or Svelte.
   */
  readonly include?: FilterPattern | undefined;
  /** The modules to leave alone among those. Default: everything below a folder `node_modules`. */
  readonly exclude?: FilterPattern | undefined;
}

const scripts = /\.(?:[cm]?[jt]s|[jt]sx)(?:[?#]|$)/;
const components = /\.(?:vue|svelte)(?:[?#]|$)/;
const packages = /[\\/]node_modules[\\/]/;

/** This library itself, which need not be below `node_modules`: its helpers must not import themselves. */
const library = slashed(fileURLToPath(new URL('..', import.meta.url)));

/** The plugin for a bundler in which one pass sees all that is to be transformed. */
export function onePass(options: AwaitPluginOptions | undefined, framework: string): UnpluginOptions {
  const { include = [scripts, components], exclude } = checked(options);
  const isVite = framework === 'vite';
  // In Vite last: TypeScript has been stripped by then, and components have been compiled, whatever the order of plugins.
  return plugin('otel-promise-domain', include, exclude, isVite ? 'post' : undefined, isVite);
}

/**
 * The plugins for webpack and its like, where others lower `async` functions: scripts first. Components are scripts only
 * after they have been compiled.
 */
export function twoPasses(options: AwaitPluginOptions | undefined): UnpluginOptions[] {
  const { include = [scripts, components], exclude } = checked(options);
  const isComponent = (id: string) => components.test(id);
  const first = plugin('otel-promise-domain', include, exclude, 'pre', false);
  const last = plugin('otel-promise-domain:components', include, exclude, 'post', true);
  first.transformInclude = (id) => !isComponent(id);
  last.transformInclude = isComponent;
  return [first, last];
}

function plugin(
  name: string,
  include: FilterPattern,
  exclude: FilterPattern,
  enforce: 'pre' | 'post' | undefined,
  isCompiled: boolean,
): UnpluginOptions {
  return {
    name,
    enforce,
    transform: {
      filter: { id: { include, exclude }, code: mayAwait },
      handler(code, id) {
        if (id.includes('\0') || slashed(id).startsWith(library)) return undefined;
        return transformAwaits(code, id, { lang: isCompiled ? 'js' : undefined });
      },
    },
  };
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

function checked(options: AwaitPluginOptions = {}): {
  include: FilterPattern | undefined;
  exclude: FilterPattern;
} {
  check('otel-promise-domain/unplugin: options', 'object', options, 'an object');
  const { include, exclude = packages } = options;
  checkPatterns('include', include);
  checkPatterns('exclude', exclude);
  return { include, exclude };
}

function checkPatterns(name: string, patterns: FilterPattern | undefined): void {
  if (patterns === undefined) return;
  for (const pattern of [patterns].flat())
    if (!(pattern instanceof RegExp))
      check(
        `otel-promise-domain/unplugin: options.${name}`,
        'string',
        pattern,
        'a glob, a RegExp or an array of them',
      );
}
