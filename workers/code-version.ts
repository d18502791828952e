import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CodeVersion } from '../contracts/models.ts';

/** Beside the compiled code what the build knew; else the package, of a build or of the sources. */
const places = ['../build.json', '../package.json', '../../package.json'];

/** The code of this process. The commit is known where setup/build.mjs found it. */
export function codeVersion(): CodeVersion {
  const found = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) => existsSync(path));
  const { version = 'unknown', commit = null } = found
    ? (JSON.parse(readFileSync(found, 'utf8')) as Partial<CodeVersion>)
    : {};
  return { version, commit };
}
