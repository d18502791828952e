import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, step } from './console.mjs';
import { root, sha256 } from './paths.mjs';
import { exec } from './process.mjs';

const folder = join(root, 'docs');
const out = join(root, 'dist', 'site');

/** Builds the documentation to dist/site, which the API serves at /documentation/; nothing when it has not changed since. */
export async function buildSite() {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .filter((name) => statSync(join(folder, name)).isFile());
  const key = sha256(
    readFileSync(join(root, 'package-lock.json')),
    ...files.flatMap((name) => [name, readFileSync(join(folder, name))]),
  );
  const stamp = join(out, 'built-from');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  await step('documentation', () =>
    exec('npx', ['vitepress', 'build', 'docs'], {
      cwd: root,
      remedy: 'The documentation does not build; see above for the page and the link at fault.',
    }),
  );
  writeFileSync(stamp, key);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildSite().catch(fail);
