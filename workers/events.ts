import { loadConfig } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import { pipelines } from '../pipelines/index.ts';
import { createDatasetSources } from '../storage/datasets/index.ts';
import { openDatabase } from '../storage/postgres/index.ts';
import { openEventQueue, openNotificationQueue } from '../storage/redis/delivery-queue.ts';
import { openTemporal } from '../storage/temporal/launcher.ts';
import { report } from '../telemetry/log.ts';
import { eventMetrics } from '../telemetry/metrics/events.ts';
import { startAlerting } from './alerting.ts';
import { composeSenders } from './compose-senders.ts';
import { startEventRole } from './event-role.ts';
import { startFeedback } from './feedback.ts';
import { processRegistry, serveMetrics } from './metrics-server.ts';
import { startPresence, workerName } from './presence.ts';
import { runMain } from './run-main.ts';
import { composeTelemetry } from './telemetry.ts';

/** The role `events`: delivers events, watches where data lands, looks at what alerts are about. Any number may run side by side. */
await runMain(async () => {
  const config = loadConfig();
  const telemetry = await composeTelemetry('events', config);
  const { databaseUrl, redisUrl, temporalAddress } = config;
  if (!databaseUrl || !redisUrl || !temporalAddress) {
    throw new PerennialError('CONFIG_INVALID', 'DATABASE_URL, REDIS_URL and TEMPORAL_ADDRESS must be set.', {
      remedy: 'Set them, or start embedded servers with `npm start` or `perennial up`.',
    });
  }
  const senders = composeSenders(config);
  const database = await openDatabase({ url: databaseUrl, pool: config.databasePool, secretKey: config.secretKey });
  const temporal = await openTemporal({ address: temporalAddress, namespace: config.temporalNamespace });
  const clock = { now: () => new Date() };
  const metrics = processRegistry();
  const role = await startEventRole({
    ...database,
    pipelines,
    launcher: temporal.launcher,
    retrainingLauncher: temporal.retrainingLauncher,
    schedules: temporal.schedules,
    datasets: createDatasetSources({ endpoint: config.s3Endpoint, region: config.s3Region }),
    queue: openEventQueue({ url: redisUrl }),
    clock,
    eventDays: config.eventDays,
    metricDays: config.metricDays,
    observer: eventMetrics(metrics),
    report,
  });
  const alerting = await startAlerting({
    ...database,
    ...senders,
    pipelines,
    queue: openNotificationQueue({ url: redisUrl }),
    clock,
    by: workerName('events'),
    keepDays: config.eventDays,
    report,
  });
  const feedback = startFeedback({ ...database, clock, report, ...config });
  const presence = startPresence('events', database.workers);
  const metricsServer = await serveMetrics(config, metrics);

  let stopping = false;
  async function stop(): Promise<void> {
    if (stopping) return;
    stopping = true;
    await Promise.all([role.stop(), alerting.stop(), feedback.stop()]);
    await Promise.all([presence.stop(), metricsServer?.close()]);
    await Promise.all([database.close(), temporal.close(), telemetry.close()]);
    process.exit(0);
  }
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, () => void stop());
  telemetry.log.info('ready');
  process.send?.('ready');
});
