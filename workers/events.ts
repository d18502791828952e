import { loadConfig } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import { pipelines } from '../pipelines/index.ts';
import { createDatasetSources } from '../storage/datasets/index.ts';
import { openDatabase } from '../storage/postgres/index.ts';
import { openEventQueue } from '../storage/redis/event-queue.ts';
import { openTemporal } from '../storage/temporal/launcher.ts';
import { startEventRole } from './event-role.ts';
import { runMain } from './run-main.ts';

/** The role `events`: delivers events, watches where data lands. Any number may run side by side. */
await runMain(async () => {
  const config = loadConfig();
  const { databaseUrl, redisUrl, temporalAddress } = config;
  if (!databaseUrl || !redisUrl || !temporalAddress) {
    throw new PerennialError('CONFIG_INVALID', 'DATABASE_URL, REDIS_URL and TEMPORAL_ADDRESS must be set.', {
      remedy: 'Set them, or start embedded servers with `npm start` or `perennial up`.',
    });
  }
  const database = await openDatabase({ url: databaseUrl, pool: config.databasePool, secretKey: config.secretKey });
  const temporal = await openTemporal({ address: temporalAddress, namespace: config.temporalNamespace });
  const role = await startEventRole({
    ...database,
    pipelines,
    launcher: temporal.launcher,
    retrainingLauncher: temporal.retrainingLauncher,
    schedules: temporal.schedules,
    datasets: createDatasetSources({ endpoint: config.s3Endpoint, region: config.s3Region }),
    queue: openEventQueue({ url: redisUrl }),
    clock: { now: () => new Date() },
    eventDays: config.eventDays,
    report: (message, error) => console.error(`${message}: ${error instanceof Error ? error.message : String(error)}`),
  });

  let stopping = false;
  async function stop(): Promise<void> {
    if (stopping) return;
    stopping = true;
    await role.stop();
    await Promise.all([database.close(), temporal.close()]);
    process.exit(0);
  }
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, () => void stop());
  console.log('ready');
  process.send?.('ready');
});
