import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { loadConfig } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import { handOver } from '../domain/dag/hand-over.ts';
import { lostRunSweep } from '../domain/dag/lost-runs.ts';
import { forgetDocuments } from '../domain/documents/index.ts';
import { dataFindings, driftHistory } from '../domain/monitoring/series/index.ts';
import { remoteTranslation } from '../domain/nlp/translator/index.ts';
import { forgetVersions } from '../domain/registry/keep.ts';
import { remotePredictions } from '../domain/serving/index.ts';
import { graphs } from '../pipelines/graphs.ts';
import { pipelines } from '../pipelines/index.ts';
import { fileDocumentFiles } from '../storage/artifacts/file.ts';
import { openDatabase } from '../storage/postgres/index.ts';
import { openRedis, pingRedis } from '../storage/redis/connection.ts';
import { openDeliveryStates, openNotificationQueue } from '../storage/redis/delivery-queue.ts';
import { openTemporal } from '../storage/temporal/launcher.ts';
import { deliveryFigures, taskQueueFigures } from '../telemetry/metrics/queues.ts';
import { stateMetrics } from '../telemetry/metrics/state.ts';
import { startAlerting } from '../workers/alerting.ts';
import { composeRegistry } from '../workers/compose-registry.ts';
import { composeResults } from '../workers/compose-results.ts';
import { composeRouter } from '../workers/compose-router.ts';
import { composeSenders } from '../workers/compose-senders.ts';
import { composeTranslation } from '../workers/compose-translation.ts';
import { listenAt } from '../workers/listen.ts';
import { startPresence, workerName } from '../workers/presence.ts';
import { runMain } from '../workers/run-main.ts';
import { startSweep } from '../workers/sweep.ts';
import { composeTelemetry } from '../workers/telemetry.ts';
import { buildApp } from './app.ts';
import { newKey } from './plugins/auth.ts';
import { routerMetrics } from './plugins/serving-metrics.ts';
import { sessionIdleMs } from './plugins/sessions.ts';

/** Runs left queued longer than this are handed to Temporal again. */
const sweepMs = 2_000;
/** Between two looks for runs whose workflow ended without a word. */
const lostMs = 30_000;
/** Between two evictions from the step cache. */
const evictMs = 600_000;
/** Between two looks at which documents are old enough to be forgotten. */
const forgetMs = 600_000;
/** Between two looks for versions of models that are old and not needed. */
const forgetModelsMs = 3_600_000;
const dayMs = 86_400_000;

await runMain(async () => {
  const config = loadConfig();
  const telemetry = await composeTelemetry('api', config);
  const { databaseUrl, redisUrl, temporalAddress } = config;
  if (!databaseUrl || !redisUrl || !temporalAddress) {
    throw new PerennialError('CONFIG_INVALID', 'DATABASE_URL, REDIS_URL and TEMPORAL_ADDRESS must be set.', {
      remedy: 'Set them, or start embedded servers with `npm start` or `perennial up`.',
    });
  }
  const senders = composeSenders(config);
  const database = await openDatabase({ url: databaseUrl, pool: config.databasePool, secretKey: config.secretKey });
  const redis = openRedis(redisUrl);
  const temporal = await openTemporal({ address: temporalAddress, namespace: config.temporalNamespace });
  const clock = { now: () => new Date() };
  const results = composeResults(config);
  const metrics = new Registry();
  stateMetrics(metrics, {
    postgres: database.state.read,
    redis: async () => deliveryFigures(await deliveryStates.states()),
    temporal: async () => taskQueueFigures(await temporal.taskQueueStates.states()),
  });
  // What the registry tells: languages, and whether a request would be refused. No model is loaded here.
  const { models, memories, glossaries } = database;
  const registered = composeTranslation(config, { models, memories, glossaries }, results.artifacts);
  const router = await composeRouter(database, {
    onCall: routerMetrics(metrics),
    onFailure: (error) => app.log.warn({ err: error }, 'the list of replicas could not be read; trying again'),
  });
  const deliveryStates = openDeliveryStates({ url: redisUrl });
  const documentFiles = fileDocumentFiles(join(config.artifacts, 'documents'));
  const app = await buildApp({
    ...database,
    pipelines,
    launcher: temporal.launcher,
    schedules: temporal.schedules,
    backfillLauncher: temporal.backfillLauncher,
    rolloutLauncher: temporal.rolloutLauncher,
    retrainingLauncher: temporal.retrainingLauncher,
    taskQueueStates: temporal.taskQueueStates,
    deliveryStates,
    drift: driftHistory(database.metricSeries),
    findings: dataFindings(database.metricSeries),
    redis,
    documentFiles,
    ...results,
    ...composeRegistry(config),
    environment: config.environment,
    dashboard: fileURLToPath(new URL('../dashboard', import.meta.url)),
    linkSecret: config.secretKey,
    translation: { ...registered.service, ...remoteTranslation(router) },
    graphs,
    inference: remotePredictions(router),
    clock,
    hasMailer: senders.mailer !== null,
    site: fileURLToPath(new URL('../site', import.meta.url)),
    metrics,
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
    const file = join(config.home, 'admin.key');
    writeFileSync(file, key, { mode: 0o600 });
    telemetry.log.info({ file }, 'the first administrator’s key is made: the file holds it');
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
      work: lostRunSweep({ ...database, ...temporal, clock }),
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
    startSweep({
      everyMs: forgetMs,
      work: () => database.rollouts.forgetComparisons(new Date(Date.now() - config.eventDays * dayMs)),
      failed: warn('what rollouts compared could not be removed'),
    }),
    startSweep({
      everyMs: forgetModelsMs,
      work: () => database.sessions.forget(new Date(Date.now() - sessionIdleMs)),
      failed: warn('sessions that ended could not be removed'),
    }),
    startSweep({
      everyMs: forgetModelsMs,
      work: async () => {
        const keeping = {
          ...{ ...database, ...results, policy: config.protectedAliases, now: new Date() },
          historyDays: config.modelHistoryDays,
        };
        for (const { model, version } of await forgetVersions(keeping, config.modelDays || null))
          app.log.info({ model, version }, 'an old version that nothing refers to was removed');
      },
      failed: warn('old versions of models could not be removed'),
    }),
  ];

  const alerting = await startAlerting({
    ...database,
    ...senders,
    pipelines,
    queue: openNotificationQueue({ url: redisUrl }),
    clock,
    by: workerName('api'),
    keepDays: config.eventDays,
    report: (message, error) => app.log.warn({ err: error }, message),
  });
  const presence = startPresence('api', database.workers);

  let stopping = false;
  async function stop(): Promise<void> {
    if (stopping) return;
    stopping = true;
    for (const sweep of sweeps) void sweep.stop();
    await Promise.all([app.close(), alerting.stop()]);
    await presence.stop();
    await Promise.all([router.close(), deliveryStates.close()]);
    await Promise.all([registered.close(), database.close(), temporal.close(), redis.quit().catch(() => undefined)]);
    await telemetry.close();
    process.exit(0);
  }
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, () => void stop());

  await listenAt(app, config, 'PERENNIAL_PORT');
  telemetry.log.info('ready');
  process.send?.('ready');
});
