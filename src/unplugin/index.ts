import { createUnplugin, type UnpluginInstance } from 'unplugin';
import { type AwaitPluginOptions, onePass, twoPasses } from './plugin.js';

export type { AwaitPluginOptions } from './plugin.js';
export { type TransformAwaitsOptions, type TransformedAwaits, transformAwaits } from './transform-awaits.js';

type Options = AwaitPluginOptions | undefined;

const one = createUnplugin<Options, false>((options, { framework }) => onePass(options, framework));
const two = createUnplugin<Options, true>(twoPasses);

/** The plugin for Vite. */
export const vite: UnpluginInstance<Options, false>['vite'] = one.vite;
/** The plugin for Rollup. */
export const rollup: UnpluginInstance<Options, false>['rollup'] = one.rollup;
/** The plugin for Rolldown. */
export const rolldown: UnpluginInstance<Options, false>['rolldown'] = one.rolldown;
/** The plugin for esbuild. */
export const esbuild: UnpluginInstance<Options, false>['esbuild'] = one.esbuild;
/** The plugin for webpack. */
export const webpack: UnpluginInstance<Options>['webpack'] = two.webpack;
/** The plugin for Rspack. */
export const rspack: UnpluginInstance<Options>['rspack'] = two.rspack;

/**
 * A build plugin that makes the `await`s of your own source keep the active span: each factory takes `include` and
 * `exclude`, and throws a TypeError if they are not patterns.
 */
// biome-ignore lint/style/noDefaultExport: build plugins are imported by default.
export default { vite, rollup, rolldown, esbuild, webpack, rspack };
