import { defineConfig } from 'vitepress';
import { nav, sidebar } from './navigation.ts';
import { slugOf } from './slug.ts';

/** The documentation as a site, which the API serves at /documentation/. It asks nobody for anything. */
export default defineConfig({
  title: 'Perennial',
  description: 'Machine-learning workflows that last.',
  lang: 'en',
  base: '/documentation/',
  outDir: '../dist/site',
  cacheDir: '../.perennial/site-cache',
  // One chunk of data for all pages instead of a script in each: pages then have the same inline scripts, whose hashes the API allows.
  metaChunk: true,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/documentation/leaf.svg' }]],
  markdown: {
    // Pages are Markdown and nothing else: `<file>` in a sentence is text.
    html: false,
    // `{id}` behind a heading is a part of an address.
    attrs: { disable: true },
    // Comments and keywords that can be read on the ground of a block.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: slugOf },
    config(md) {
      // `{{ date }}` is what a schedule says, not what a page computes.
      const { text } = md.renderer.rules;
      md.renderer.rules.text = (...args) => (text?.(...args) ?? '').replaceAll('{{', '&#123;&#123;');
      // Drawings scroll on phones, also by keyboard.
      md.core.ruler.push('drawings', ({ tokens }) => {
        for (const [n, { children }] of tokens.entries())
          if (children?.length === 1 && children[0]?.type === 'image') tokens[n - 1]?.attrSet('tabindex', '0');
      });
      // Files of the repository are not on the site: their names stay, the link goes.
      md.core.ruler.push('repository-files', ({ tokens }) => {
        for (const { children } of tokens) {
          let isInside = false;
          for (const token of children ?? []) {
            const href = token.attrGet('href') ?? '';
            if (token.type === 'link_open' && /^(\.\.\/){2}/.test(href)) {
              token.tag = 'span';
              token.attrs = [['title', href.replaceAll('../', '')]];
              isInside = true;
            } else if (token.type === 'link_close' && isInside) {
              token.tag = 'span';
              isInside = false;
            }
          }
        }
      });
    },
  },
  themeConfig: {
    logo: '/leaf.svg',
    nav,
    sidebar,
    outline: { level: [2, 3] },
    search: { provider: 'local' },
    notFound: {
      title: 'There is no such page',
      quote: 'The address may be old, or cut off. Search finds every page.',
      linkLabel: 'To the start page',
      linkText: 'To the start page',
    },
    docFooter: { prev: 'Before', next: 'Next' },
  },
});
