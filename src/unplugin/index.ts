import { createUnplugin, type UnpluginInstance } from 'unplugin';
import { type AwaitPluginOptions, onePass, twoPasses } from './plugin.js';

export type { AwaitPluginOptions } from './plugin.js';
export { type TransformAwaitsOptions, type TransformedAwaits, transformAwaits } from './transform-awaits.js';

type Options = AwaitPluginOptions | undefined;

const one = createUnplugin<Options, false>((options, { framework }) => onePass(options, framework));
const two = createUnplugin<Options, true>(twoPasses);

/** The plugin for Vite. */
export const vite: AwaitPlugin['vite'] = one.vite;
/** The plugin for Rollup. */
export const rollup: AwaitPlugin['rollup'] = one.rollup;
/** The plugin for Rolldown. */
export const rolldown: AwaitPlugin['rolldown'] = one.rolldown;
/** The plugin for esbuild. */
export const esbuild: AwaitPlugin['esbuild'] = one.esbuild;
/** The plugin for webpack. */
export const webpack: AwaitPlugin['webpack'] = two.webpack;
/** The plugin for Rspack. */
export const rspack: AwaitPlugin['rspack'] = two.rspack;

/** The plugin, by the names of the bundlers. */
export interface AwaitPlugin
  extends Pick<UnpluginInstance<Options, false>, 'vite' | 'rollup' | 'rolldown' | 'esbuild'>,
    Pick<UnpluginInstance<Options>, 'webpack' | 'rspack'> {}

/**
 * A build plugin that makes the `await`s of your own source keep the active span: each factory takes `include` and
 * `exclude`, and throws a TypeError if they are not patterns.
 */
const plugin: AwaitPlugin = { vite, rollup, rolldown, esbuild, webpack, rspack };

// biome-ignore lint/style/noDefaultExport: build plugins are imported by default.
export default plugin;
