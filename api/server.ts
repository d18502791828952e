import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import { handOver } from '../domain/dag/hand-over.ts';
import { lostRunSweep } from '../domain/dag/lost-runs.ts';
import { forgetDocuments } from '../domain/documents/index.ts';
import { noDrift, noFindings } from '../domain/monitoring/retraining/index.ts';
import { loadDetector } from '../domain/nlp/translator/index.ts';
import { pipelines } from '../pipelines/index.ts';
import { fileDocumentFiles } from '../storage/artifacts/file.ts';
import { openDatabase } from '../storage/postgres/index.ts';
import { openRedis, pingRedis } from '../storage/redis/connection.ts';
import { openTemporal } from '../storage/temporal/launcher.ts';
import { composeResults } from '../workers/compose-results.ts';
import { composeTranslation } from '../workers/compose-translation.ts';
import { runMain } from '../workers/run-main.ts';
import { startSweep } from '../workers/sweep.ts';
import { buildApp } from './app.ts';
import { newKey } from './plugins/auth.ts';

/** Runs left queued longer than this are handed to Temporal again. */
const sweepMs = 2_000;
/** Between two looks for runs whose workflow ended without a word. */
const lostMs = 30_000;
/** Between two evictions from the step cache. */
const evictMs = 600_000;
/** Between two looks at which documents are old enough to be forgotten. */
const forgetMs = 600_000;
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
  const results = composeResults(config);
  const translation = composeTranslation(config, database, results.artifacts, {
    onFailure: (what, error) => app.log.error({ err: error }, `${what} could not be loaded`),
  });
  const documentFiles = fileDocumentFiles(join(config.artifacts, 'documents'));
  const app = await buildApp({
    ...database,
    pipelines,
    launcher: temporal.launcher,
    schedules: temporal.schedules,
    backfillLauncher: temporal.backfillLauncher,
    retrainingLauncher: temporal.retrainingLauncher,
    drift: noDrift,
    findings: noFindings,
    redis,
    documentFiles,
    ...results,
    linkSecret: config.secretKey,
    translation: translation.service,
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

  const warn = (what: string) => (error: unknown) => app.log.warn({ err: error }, `${what}; trying again`);
  const sweeps = [
    startSweep({
      everyMs: sweepMs,
      work: () =>
        handOver({ ...database, ...temporal }, new Date(Date.now() - sweepMs), (id, error) =>
          app.log.error({ err: error }, `"${id}" could not be handed over`),
        ),
      failed: warn('waiting runs could not be handed over'),
    }),
    startSweep({
      everyMs: lostMs,
      work: lostRunSweep({ ...database, ...temporal }),
      failed: warn('runs without a workflow could not be looked for'),
    }),
    startSweep({
      everyMs: evictMs,
      work: () => database.cache.evict(new Date(Date.now() - config.cacheDays * dayMs), config.cacheMiB * 2 ** 20),
      failed: warn('the step cache could not be cleared out'),
    }),
    startSweep({
      everyMs: forgetMs,
      work: () =>
        forgetDocuments(
          { ...database, documentFiles },
          new Date(),
          config.documentDays === 0 ? null : config.documentDays * dayMs,
        ),
      failed: warn('files of old documents could not be removed'),
    }),
  ];

  let stopping = false;
  async function stop(): Promise<void> {
    if (stopping) return;
    stopping = true;
    for (const sweep of sweeps) void sweep.stop();
    await app.close();
    await Promise.all([translation.close(), database.close(), temporal.close(), redis.quit().catch(() => undefined)]);
    process.exit(0);
  }
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, () => void stop());

  await app.listen({ host: config.host, port: config.port, backlog: 4096 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new PerennialError('UNAVAILABLE', `Port ${config.port} of ${config.host} is taken.`, {
      remedy: 'Stop what listens there, or set PERENNIAL_PORT.',
    });
  });
  // The first request without a language need not wait for it.
  void loadDetector();
  console.log('ready');
  process.send?.('ready');
});
