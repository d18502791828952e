import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const home = resolve(process.env.PERENNIAL_HOME || join(root, '.perennial'));
/** Tools belong to the checkout, so that every home uses the same ones. */
export const tools = join(root, '.perennial', 'tools');

export function sha256(...texts) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return hash.digest('hex');
}

/** Whether `name` was last done for the same key; `done` remembers it. */
export function stamp(name, key) {
  const file = join(tools, 'stamps', name);
  return {
    isDone: existsSync(file) && readFileSync(file, 'utf8') === key,
    done() {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, key);
    },
  };
}
