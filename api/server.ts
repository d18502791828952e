import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import { pipelines } from '../pipelines/index.ts';
import { openDatabase } from '../storage/postgres/index.ts';
import { openRedis, pingRedis } from '../storage/redis/connection.ts';
import { openTemporal } from '../storage/temporal/launcher.ts';
import { runMain } from '../workers/run-main.ts';
import { buildApp } from './app.ts';
import { newKey } from './plugins/auth.ts';

/** Runs left queued longer than this are handed to Temporal again. */
const sweepMs = 2_000;
/** Between two evictions from the step cache. */
const evictMs = 600_000;
const dayMs = 86_400_000;

await runMain(async () => {
  const config = loadConfig();
  const { databaseUrl, redisUrl, temporalAddress } = config;
  if (!databaseUrl || !redisUrl || !temporalAddress) {
    throw new PerennialError('CONFIG_INVALID', 'DATABASE_URL, REDIS_URL and TEMPORAL_ADDRESS must be set.', {
      remedy: 'Set them, or start embedded servers with `npm start` or `perennial up`.',
    });
  }
  const database = await openDatabase({ url: databaseUrl, pool: config.databasePool, secretKey: config.secretKey });
  const redis = openRedis(redisUrl);
  const temporal = await openTemporal({ address: temporalAddress, namespace: config.temporalNamespace });
  const app = await buildApp({
    ...database,
    pipelines,
    launcher: temporal.launcher,
    schedules: temporal.schedules,
    backfillLauncher: temporal.backfillLauncher,
    redis,
    clock: { now: () => new Date() },
    checks: { postgres: database.ping, redis: () => pingRedis(redis), temporal: temporal.ping },
    bodyLimit: config.bodyLimit,
    rateLimit: config.rateLimit,
    webhookRateLimit: config.webhookRateLimit,
    logLevel: config.logLevel,
  });

  if ((await database.keys.count()) === 0) {
    const { key, hash } = newKey();
    await database.keys.create({ name: 'first-admin', role: 'admin', hash, expiresAt: null });
    mkdirSync(config.home, { recursive: true });
    writeFileSync(join(config.home, 'admin.key'), key, { mode: 0o600 });
    console.log(`The first administrator's key (shown once): ${key}`);
  }

  async function handOver(): Promise<void> {
    try {
      const before = new Date(Date.now() - sweepMs);
      for (const run of await database.runs.queued(before, 100)) await temporal.launcher.start(run);
      for (const backfill of await database.backfills.queued(before, 100))
        await temporal.backfillLauncher.start(backfill);
      const { runs, slots } = await database.admission.next();
      await temporal.launcher.admitted(runs);
      await temporal.launcher.slotsGranted(slots);
    } catch (error) {
      app.log.warn({ err: error }, 'waiting runs could not be handed over; trying again');
    }
  }
  async function evict(): Promise<void> {
    try {
      await database.cache.evict(new Date(Date.now() - config.cacheDays * dayMs), config.cacheMiB * 2 ** 20);
    } catch (error) {
      app.log.warn({ err: error }, 'the step cache could not be cleared out; trying again');
    }
  }
  const eviction = setInterval(() => void evict(), evictMs);
  const sweep = setInterval(() => void handOver(), sweepMs);

  let stopping = false;
  async function stop(): Promise<void> {
    if (stopping) return;
    stopping = true;
    clearInterval(sweep);
    clearInterval(eviction);
    await app.close();
    await Promise.all([database.close(), temporal.close(), redis.quit().catch(() => undefined)]);
    process.exit(0);
  }
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, () => void stop());

  await app.listen({ host: config.host, port: config.port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new PerennialError('UNAVAILABLE', `Port ${config.port} of ${config.host} is taken.`, {
      remedy: 'Stop what listens there, or set PERENNIAL_PORT.',
    });
  });
  console.log('ready');
  process.send?.('ready');
});
