import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nav, sidebar } from '../../docs/.vitepress/navigation.ts';
import { allPages, anchorsOf, linksOf, root } from './pages.ts';

const pages = allPages();
const anchors = new Map(pages.map(({ path, text }) => [path, anchorsOf(text)]));

describe('the documentation', () => {
  it.each(pages.map((page) => [page.path, page] as const))('%s links to what is there', (_path, page) => {
    const broken = linksOf(page).filter(({ file, anchor, isImage }) => {
      if (!existsSync(join(root, file))) return true;
      if (anchor === '' || isImage) return false;
      return !(anchors.get(file)?.has(anchor) ?? false);
    });
    expect(broken.map(({ target }) => target)).toEqual([]);
  });

  it('has links to check', () => {
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(150);
  });

  it('has every page in the navigation of the site, once', () => {
    const listed = Object.values(sidebar).flatMap((groups) => groups.flatMap(({ items }) => items.map((i) => i.link)));
    const written = pages
      .map(({ path }) => path)
      .filter((path) => path.startsWith('docs/') && basename(path) !== 'index.md')
      .map((path) => path.replace(/^docs/, '').replace(/\.md$/, ''));
    expect(listed.toSorted()).toEqual(written.toSorted());
    expect(nav.filter(({ link }) => !listed.includes(link))).toEqual([]);
  });
});
