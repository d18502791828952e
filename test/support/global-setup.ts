import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { loadConfig } from '../../config/index.ts';
import { freePort } from '../../workers/embedded/free-port.ts';
import { startPostgres, startRedis, startTemporal } from '../../workers/embedded/servers.ts';

/** Starts PostgreSQL, Redis and Temporal once for the whole run, on data of their own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const base = fileURLToPath(new URL('../../.perennial/test', import.meta.url));
  mkdirSync(base, { recursive: true });
  const home = mkdtempSync(join(base, 'servers-'));
  // As root, PostgreSQL runs as a user of its own, who must be able to enter.
  chmodSync(home, 0o755);
  const { redisServer, temporalCli } = loadConfig();
  // A fourth of the usual, so that tests of long histories are short.
  const settings = { 'limit.historyCount.suggestContinueAsNew': '1024' };
  const [port, uiPort] = [await freePort(), await freePort()];
  const starting = [
    startPostgres(join(home, 'postgres'), await freePort(), join(home, 'postgres.log')),
    startRedis(redisServer, join(home, 'redis'), await freePort(), join(home, 'redis.log')),
    startTemporal(temporalCli, join(home, 'temporal'), port, uiPort, join(home, 'temporal.log'), settings),
  ] as const;
  const stop = async (): Promise<void> => {
    const servers = await Promise.allSettled(starting);
    await Promise.all(servers.map((server) => (server.status === 'fulfilled' ? server.value.stop() : undefined)));
  };
  const [postgres, redis, temporal] = await Promise.all(starting).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  project.provide('databaseUrl', postgres.url);
  project.provide('redisUrl', redis.url);
  project.provide('temporalAddress', temporal.address);
  return async () => {
    await stop();
    rmSync(home, { recursive: true, force: true });
  };
}
