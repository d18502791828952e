#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (!existsSync(fileURLToPath(main))) {
  console.error(
    'Perennial is not built yet.\n  What to do: run `npm start` (or `npm test`) once in this folder; it sets up everything.',
  );
  process.exit(4);
}
await import(main.href);
