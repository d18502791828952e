import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { slugOf } from '../../docs/.vitepress/slug.ts';
import { fencesOf, proseOf } from '../support/markdown.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Page {
  /** From the root of the repository on. */
  readonly path: string;
  readonly text: string;
}

/** README, CONTRIBUTING and every page of docs. */
export function allPages(): Page[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .sort()
    .map((name) => join('docs', name));
  return ['README.md', 'CONTRIBUTING.md', ...docs].map((path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  }));
}

export interface Link {
  readonly target: string;
  readonly isImage: boolean;
  /** File it names, from the root on; that of the page itself for an anchor alone. */
  readonly file: string;
  readonly anchor: string;
}

/** Links and images of a page that lead to other files or headings, not to other sites. */
export function linksOf({ path, text }: Page): Link[] {
  return [...proseOf(text).matchAll(/(!?)\[(?:[^\][]|\[[^\]]*\])*\]\(([^()\s]+(?:\([^()]*\))?)\)/g)]
    .map(([, mark = '', target = '']) => ({ isImage: mark === '!', target }))
    .filter(({ target }) => !/^[a-z]+:/.test(target))
    .map(({ isImage, target }) => {
      const [file = '', anchor = ''] = target.split('#');
      return { target, isImage, file: file === '' ? path : normalize(join(dirname(path), file)), anchor };
    });
}

/** Anchors of the headings of a page, as GitHub and the site make them. */
export function anchorsOf(text: string): Set<string> {
  const found = new Set<string>();
  const fenced = new Set(
    fencesOf(text).flatMap(({ line, text: inside }) => inside.split('\n').map((_, n) => line + n)),
  );
  for (const [n, line] of text.split('\n').entries()) {
    if (fenced.has(n)) continue;
    const [, heading] = /^#{1,6}\s+(.+?)\s*$/.exec(line) ?? [];
    if (heading === undefined) continue;
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
    const slug = slugOf(plain);
    let unique = slug;
    for (let n = 1; found.has(unique); n++) unique = `${slug}-${n}`;
    found.add(unique);
  }
  return found;
}
