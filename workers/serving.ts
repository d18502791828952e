import { setTimeout as delay } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { servingMetrics } from '../api/plugins/serving-metrics.ts';
import { buildServingApp } from '../api/serving-app.ts';
import { loadConfig } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import { translationGraph } from '../contracts/serving.ts';
import { loadDetector } from '../domain/nlp/translator/index.ts';
import { comparisonWriter, Predictions } from '../domain/serving/index.ts';
import { Announcement, newReplica } from '../domain/serving/replicas/index.ts';
import { graphs } from '../pipelines/graphs.ts';
import { fileArtifactStore } from '../storage/artifacts/file.ts';
import { openDatabase } from '../storage/postgres/index.ts';
import { openRedis } from '../storage/redis/connection.ts';
import { composeTranslation } from './compose-translation.ts';
import { listenAt, reachableUrl } from './listen.ts';
import { startPresence } from './presence.ts';
import { runMain } from './run-main.ts';
import { composeTelemetry } from './telemetry.ts';

/** Milliseconds from when a replica says that it drains until it closes its port, for those who have not heard yet. */
const leavingMs = 500;
/** Milliseconds that requests under way have to end when it drains; the router has another replica do the rest. */
const drainingMs = 10_000;

/** The role `serving`: computes what the API is asked for. Any number may run side by side. */
await runMain(async () => {
  const config = loadConfig();
  const telemetry = await composeTelemetry('serving', config);
  const { databaseUrl, redisUrl } = config;
  if (!databaseUrl || !redisUrl) {
    throw new PerennialError('CONFIG_INVALID', 'DATABASE_URL and REDIS_URL must be set.', {
      remedy: 'Set them, or start embedded servers with `npm start` or `perennial up`.',
    });
  }
  const { id, key } = newReplica();
  const startedAt = new Date().toISOString();
  const database = await openDatabase({ url: databaseUrl, pool: config.databasePool, secretKey: config.secretKey });
  const redis = openRedis(redisUrl);
  const metrics = new Registry();
  const told = {
    onFailure: (what: string, error: unknown) => app.log.error({ err: error }, `${what} could not be loaded`),
    onUnwritten: (what: string, error: unknown) =>
      app.log.warn({ err: error }, `${what} could not be written; trying again`),
    observer: servingMetrics(metrics),
  };
  const clock = { now: () => new Date() };
  const artifacts = fileArtifactStore(config.artifacts);
  const translation = composeTranslation(config, database, artifacts, told);
  const bytes = config.predictMiB * 2 ** 20;
  const comparisons = comparisonWriter(database.rollouts, told.onUnwritten);
  const { models, traffic } = database;
  const predictions = new Predictions({ ...told, graphs, models, traffic, comparisons, artifacts, clock, bytes });
  const presence = startPresence('serving', database.workers);
  let announcement: Announcement | undefined;
  const app = await buildServingApp({
    ...database,
    id,
    key,
    state: () => announcement?.state ?? 'starting',
    redis,
    translation: translation.service,
    graphs,
    inference: predictions,
    clock,
    metrics,
    checks: { postgres: database.ping },
    // What the API takes may be longer as JSON.
    bodyLimit: 2 * config.bodyLimit,
    rateLimit: config.rateLimit,
    logLevel: config.logLevel,
  });
  let stopping = false;
  async function stop(): Promise<void> {
    if (stopping) return;
    stopping = true;
    const failed = (error: unknown): void => app.log.warn({ err: error }, 'the registry could not be told');
    await announcement?.become('draining').catch(failed);
    await delay(leavingMs);
    await Promise.race([app.close(), delay(drainingMs)]);
    await announcement?.close().catch(failed);
    await Promise.all([translation.close(), predictions.close(), presence.stop()]);
    await comparisons.close();
    await Promise.all([database.close(), redis.quit().catch(() => undefined), telemetry.close()]);
    process.exit(0);
  }
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, () => void stop());

  const port = await listenAt(app, { host: config.host, port: config.servingPort }, 'PERENNIAL_SERVING_PORT');
  announcement = new Announcement({
    registry: database.replicas,
    id,
    key,
    address: config.servingAddress ?? reachableUrl(config.host, port),
    graphs: [translationGraph, ...graphs.keys()],
    startedAt,
    onFailure: (error) => app.log.warn({ err: error }, 'the registry does not answer; trying again'),
  });
  await announcement.open();
  await Promise.all([translation.warmUp(), predictions.warmUp(), loadDetector()]);
  if (stopping) return;
  await announcement.become('ready');
  telemetry.log.info('ready');
  process.send?.('ready');
});
