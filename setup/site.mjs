import { pathToFileURL } from 'node:url';
import { builtFolder } from './built-folder.mjs';
import { fail } from './console.mjs';

/** Builds the documentation to dist/site, which the API serves at /documentation/; nothing when it has not changed since. */
export function buildSite() {
  return builtFolder('documentation', {
    folder: 'site',
    sources: ['docs'],
    command: ['vitepress', 'build', 'docs'],
    remedy: 'The documentation does not build; see above for the page and the link at fault.',
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildSite().catch(fail);
