import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createDagRunActivities } from '../activities/dag-run.ts';
import { buildApp } from '../api/app.ts';
import { type Config, loadConfig } from '../config/index.ts';
import { taskQueues } from '../contracts/names.ts';
import { createDatasetSources } from '../storage/datasets/index.ts';
import { openRedis } from '../storage/redis/connection.ts';
import { openDeliveryStates, openEventQueue } from '../storage/redis/delivery-queue.ts';
import { openTemporal, type Temporal } from '../storage/temporal/launcher.ts';
import { type Composed, composeServices } from '../workers/compose.ts';
import { composeRegistry } from '../workers/compose-registry.ts';
import { composeResults } from '../workers/compose-results.ts';
import { composeTranslation } from '../workers/compose-translation.ts';
import { startEventRole } from '../workers/event-role.ts';
import { runMain } from '../workers/run-main.ts';
import { benchPipelines } from './pipelines.ts';

/** One role of `bench webhooks`, named by the first argument, over the bench's pipelines; lives until it is killed. */
await runMain(async () => {
  const config = loadConfig();
  const composed = await composeServices(config);
  const address = config.temporalAddress ?? '';
  const temporal = await openTemporal({ address, namespace: config.temporalNamespace });
  const clock = { now: () => new Date() };
  const { database } = composed;
  if (process.argv[2] === 'api') {
    const app = await buildApp({
      ...database,
      ...temporal,
      deliveryStates: openDeliveryStates({ url: config.redisUrl ?? '' }),
      pipelines: benchPipelines,
      environment: 'dev',
      redis: openRedis(config.redisUrl ?? ''),
      drift: composed.services.drift,
      findings: composed.services.findings,
      documentFiles: composed.services.documentFiles,
      ...composeResults(config),
      graphs: new Map(),
      inference: { predict: () => Promise.reject(new Error('the bench predicts nothing')) },
      ...composeRegistry(config),
      translation: composeTranslation(config, database, composed.services.artifacts).service,
      clock,
      checks: {},
      bodyLimit: config.bodyLimit,
      rateLimit: config.rateLimit,
      webhookRateLimit: config.webhookRateLimit,
      logLevel: 'silent',
    });
    await app.listen({ host: config.host, port: config.port });
  } else if (process.argv[2] === 'events') {
    await startEventRole({
      ...database,
      pipelines: benchPipelines,
      launcher: temporal.launcher,
      retrainingLauncher: temporal.retrainingLauncher,
      schedules: temporal.schedules,
      datasets: createDatasetSources({ endpoint: undefined, region: undefined }),
      queue: openEventQueue({ url: config.redisUrl ?? '' }),
      clock,
      report: () => {},
    });
  } else await startWorker(config, composed, temporal);
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
});

async function startWorker(config: Config, { database, services, scratch }: Composed, { launcher }: Temporal) {
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address: config.temporalAddress ?? '' }),
    namespace: config.temporalNamespace,
    taskQueue: taskQueues.control,
    workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
    activities: createDagRunActivities({
      pipelines: benchPipelines,
      runs: database.runs,
      admission: database.admission,
      cache: database.cache,
      launcher,
      services,
      runInProcess: () => Promise.reject(new Error('bench steps run in the worker')),
      worker: 'bench',
      scratch,
    }),
  });
  void worker.run();
}
