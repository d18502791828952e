import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createDagRunActivities } from '../activities/dag-run.ts';
import { activityInterceptors } from '../activities/interceptors.ts';
import { memoryBudget } from '../activities/memory-budget.ts';
import { createProcessRunner } from '../activities/process-runner.ts';
import { type Config, environmentWith, loadConfig } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import { pipelines } from '../pipelines/index.ts';
import { openTemporal } from '../storage/temporal/launcher.ts';
import { workflowMetrics } from '../telemetry/metrics/runs.ts';
import { stepMetrics } from '../telemetry/metrics/steps.ts';
import { composeServices } from './compose.ts';
import { processRegistry, serveMetrics } from './metrics-server.ts';
import { startPresence, workerName } from './presence.ts';
import { openScheduling } from './scheduling.ts';
import { composeTelemetry } from './telemetry.ts';
import { telemetrySinks } from './telemetry-sinks.ts';
import { installTemporalRuntime } from './temporal-runtime.ts';

/** Longest time a worker waits for running steps when it is told to stop; then they are handed on. */
const graceMs = 10_000;

/**
 * Runs a worker of one role until SIGTERM or SIGINT: takes no new work, lets what runs finish within 10 s, closes its
 * connections. Prints `ready` and sends `ready` to a parent process once it polls.
 */
export async function runWorker(
  role: 'control' | 'cpu' | 'gpu',
  options: (config: Config) => Partial<WorkerOptions> & { taskQueue: string },
): Promise<void> {
  const config = loadConfig();
  const telemetry = await composeTelemetry(role, config);
  if (!config.temporalAddress) {
    throw new PerennialError('CONFIG_INVALID', 'TEMPORAL_ADDRESS is not set.', {
      remedy: 'Set it to host:port, or start embedded servers with `npm start` or `perennial up`.',
    });
  }
  const temporalMetrics = await installTemporalRuntime(config);
  const metrics = processRegistry();
  const connection = await NativeConnection.connect({ address: config.temporalAddress });
  const composed = await composeServices(config);
  const temporal = await openTemporal({ address: config.temporalAddress, namespace: config.temporalNamespace });
  const scheduling =
    role === 'control' ? openScheduling(temporal, composed.database, pipelines, composed.services) : undefined;
  const worker = await Worker.create({
    connection,
    namespace: config.temporalNamespace,
    // By it a sweep knows that it looks at the server that this installation works with.
    identity: workerName(role),
    activities: {
      ...scheduling?.activities,
      ...createDagRunActivities({
        pipelines,
        runs: composed.database.runs,
        admission: composed.database.admission,
        cache: composed.database.cache,
        launcher: temporal.launcher,
        services: composed.services,
        runInProcess: createProcessRunner(
          fileURLToPath(new URL('./step-process.js', import.meta.url)),
          environmentWith({}),
        ),
        worker: workerName(role),
        memory: memoryBudget(config.workerMemoryMiB),
        scratch: composed.scratch,
      }),
    },
    interceptors: { activity: [activityInterceptors(stepMetrics(metrics))] },
    sinks: telemetrySinks(workflowMetrics(metrics, role === 'control' ? pipelines.keys() : [])),
    shutdownGraceTime: graceMs,
    // The server's answer to a heartbeat carries a cancellation: at most a second late.
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
    ...options(config),
  });
  const stop = (): void => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  // A supervisor that is gone cannot start another one beside us, so we do not outlive it either.
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, stop);
  const running = worker.run();
  const metricsServer = await serveMetrics(config, metrics, temporalMetrics);
  const presence = startPresence(role, composed.database.workers);
  telemetry.log.info('ready');
  process.send?.('ready');
  void scheduling?.apply();
  try {
    await running;
  } finally {
    await metricsServer?.close();
    await presence.stop();
    await composed.close();
    await temporal.close();
    await connection.close();
    await telemetry.close();
  }
  process.exit(0);
}

/** Where workflow code comes from: the bundle made at build time, else the modules themselves. */
export function workflowSource(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const bundle = fileURLToPath(new URL('../workflows-bundle.js', import.meta.url));
  if (existsSync(bundle)) return { workflowBundle: { codePath: bundle } };
  return { workflowsPath: fileURLToPath(new URL('../workflows/index.js', import.meta.url)) };
}
