#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fail } from '../setup/console.mjs';
import { home } from '../setup/paths.mjs';
import { locateRedis } from '../setup/redis.mjs';
import { locateTemporal } from '../setup/temporal.mjs';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (!existsSync(fileURLToPath(main))) {
  console.error(
    'Perennial is not built yet.\n  What to do: run `npm start` (or `npm test`) once in this folder; it sets up everything.',
  );
  process.exit(4);
}
try {
  // What set-up found or built, so that the command works from any folder.
  process.env.TEMPORAL_CLI ??= locateTemporal() ?? 'temporal';
  process.env.REDIS_SERVER ??= locateRedis() ?? 'redis-server';
  process.env.PERENNIAL_HOME ??= home;
} catch (error) {
  fail(error);
}
await import(main.href);
