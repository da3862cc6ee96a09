import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] }; // cast: it has them

const pages = files.flatMap((file) =>
  file === 'docs'
    ? readdirSync(join(root, file), { recursive: true, encoding: 'utf8' }).map((page) => join(file, page))
    : [file],
);

/** Without code, in which brackets are no links. */
function textOf(page: string): string {
  const text = readFileSync(join(root, page), 'utf8');
  return text
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`(?!\])/g, (code) => code.replaceAll('](', ' '));
}

function anchorsOf(page: string): string[] {
  const headings = [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each(pages.filter((page) => page.endsWith('.md')))(
  'every link of %s leads to what is in the package',
  (page) => {
    const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const dead = links
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const to = path === '' ? page : normalize(join(page, '..', path));
        const isThere =
          files.some((file) => !relative(file, to).startsWith('..')) && existsSync(join(root, to));
        return !isThere || (anchor !== undefined && !anchorsOf(to).includes(anchor));
      });
    expect(dead).toEqual([]);
  },
);

test('no page says that something is still to come', () => {
  for (const page of pages.filter((each) => each.endsWith('.md') && each !== 'CHANGELOG.md')) {
    expect([page, /not there yet|none yet|not yet implemented|coming soon/i.exec(textOf(page))?.[0]]).toEqual(
      [page, undefined],
    );
  }
});
