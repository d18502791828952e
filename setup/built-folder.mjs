import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { step } from './console.mjs';
import { root, sha256 } from './paths.mjs';
import { exec } from './process.mjs';

/**
 * Builds a folder of dist/; nothing when neither the packages nor what it is made of has changed since. What it was built from is kept
 * in the folder itself: whoever builds it by hand empties it, and it is built again.
 *
 * @param sources files and folders that it is made of, from the root on.
 * @param command its tool with arguments, which npx runs.
 */
export async function builtFolder(name, { folder, sources, command, remedy }) {
  const key = sha256(...['package-lock.json', ...sources.flatMap(filesOf)].flatMap((file) => [file, read(file)]));
  const stamp = join(root, 'dist', folder, 'built-from');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  await step(name, () => exec('npx', command, { cwd: root, remedy }));
  writeFileSync(stamp, key);
}

function filesOf(source) {
  if (statSync(join(root, source)).isFile()) return [source];
  return readdirSync(join(root, source), { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => join(source, name))
    .filter((file) => statSync(join(root, file)).isFile());
}

function read(file) {
  return readFileSync(join(root, file));
}
