import { describe, expect, test } from 'vitest';
import { transformAwaits } from '../../src/unplugin/index.js';

describe('transformAwaits', () => {
  const statement = "import { awaited as __awaited } from 'otel-promise-domain/unplugin/runtime';";
  test.each([
    ['at the start', 'await 1', `${statement} await __awaited(1)`],
    [
      'after a hashbang',
      '#!/usr/bin/env node\nawait 1',
      `#!/usr/bin/env node\n${statement} await __awaited(1)`,
    ],
    [
      'after directives',
      '"use client"\n\'use strict\'; await 1',
      `"use client"\n'use strict'; ${statement} await __awaited(1)`,
    ],
    [
      'after a directive without semicolon',
      '"use client"\nawait 1',
      `"use client"; ${statement}\nawait __awaited(1)`,
    ],
    [
      'after the first imports',
      'import "a"\nimport b from "b";\nawait 1',
      `import "a"\nimport b from "b"; ${statement}\nawait __awaited(1)`,
    ],
    [
      'after comments for compilers',
      '/** @jsx h */\nawait 1',
      `/** @jsx h */\n${statement} await __awaited(1)`,
    ],
    [
      'before an annotation',
      '/* a */ /* @__NO_SIDE_EFFECTS__ */ export async function f() { await 1 }',
      `/* a */ ${statement} /* @__NO_SIDE_EFFECTS__ */ export async function f() { await __awaited(1) }`,
    ],
    [
      'before what is moved to the start',
      'for (await using a = await 1;;);',
      `import { awaited as __awaited, capture as __capture, reenter as __reenter, resource as __resource } from 'otel-promise-domain/unplugin/runtime'; {const __context=__capture();let __reached;try{const a = await __awaited(1); await using __held = __resource(a); __reached=__context;for (;;);}finally{__reached&&await __reenter(__reached)}}`,
    ],
    [
      'before decorators',
      '@a export class A { m = async () => { await 1 } }',
      `${statement} @a export class A { m = async () => { await __awaited(1) } }`,
    ],
  ])('imports the helpers %s', (_where, code, expected) => {
    expect(transformAwaits(code, '/a.ts')?.code).toBe(expected);
  });

  test('requires the helpers in CommonJS', () => {
    const required = "const { awaited: __awaited } = require('otel-promise-domain/unplugin/runtime');";
    const body = 'async () => { await 1 };';
    const rewritten = 'async () => { await __awaited(1) };';
    for (const [code, id] of [
      [`module.exports = ${body}`, '/a.js'],
      [`exports.a = ${body}`, '/a.ts'],
      [`module.exports.a.b = ${body}`, '/a.js'],
      [`require('a'); ${body}`, '/a.js'],
      [body, '/a.cjs'],
      [body, '/a.cts?x'],
      [`return; ${body}`, '/a.js'],
    ] as const)
      expect(transformAwaits(code, id)?.code, code).toBe(`${required} ${code.replace(body, rewritten)}`);
    for (const [code, id] of [
      [body, '/a.js'],
      ["require('a'); await 1;", '/a.js'],
      [`require('a'); ${body}`, '/a.mjs'],
      [`require('a'); export {}; ${body}`, '/a.js'],
    ] as const)
      expect(transformAwaits(code, id)?.code, code).toContain('import {');
    expect(transformAwaits(`'use strict'; module.exports = ${body}`, '/a.js')?.code).toMatch(
      /^'use strict'; const/,
    );
  });

  test('imports the helpers from where it is told', () => {
    expect(transformAwaits('await 1', '/a.js', { runtime: "./it's.js" })?.code).toContain(
      "from './it\\'s.js'",
    );
  });
});
