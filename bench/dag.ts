import { randomBytes, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createDagRunActivities } from '../activities/dag-run.ts';
import { buildApp } from '../api/app.ts';
import { newKey } from '../api/plugins/auth.ts';
import { ApiClient } from '../cli/client.ts';
import type { Config } from '../config/index.ts';
import { dagRunInput, type StepCall } from '../contracts/activities.ts';
import { taskQueues, workflowTypes } from '../contracts/names.ts';
import { type AnyPipeline, compilePlan } from '../domain/dag/index.ts';
import { createWebhookSourceService } from '../domain/events/index.ts';
import { createDatasetSources } from '../storage/datasets/index.ts';
import { openDeliveryStates, openEventQueue } from '../storage/redis/delivery-queue.ts';
import { openTemporal } from '../storage/temporal/launcher.ts';
import { ensureNamespace } from '../storage/temporal/namespace.ts';
import { composeServices } from '../workers/compose.ts';
import { composeRegistry } from '../workers/compose-registry.ts';
import { composeResults } from '../workers/compose-results.ts';
import { composeTranslation } from '../workers/compose-translation.ts';
import { startEventRole } from '../workers/event-role.ts';
import { percentile } from './figures.ts';
import {
  benchChain,
  benchFanout,
  benchPipelines,
  benchTrigger,
  chainLength,
  fanoutItems,
  triggered,
} from './pipelines.ts';
import { sendWebhook } from './trigger.ts';

export interface DagBench {
  /** Time of a chain of 40 empty steps over the time of a bare workflow calling the same activities; medians. */
  readonly chain_ratio: number;
  /** The same for 500 at once. */
  readonly fanout_ratio: number;
  /** Our chain's median divided by its steps, milliseconds. */
  readonly ms_per_step: number;
  /** From a request to the API, over HTTP on this machine, until the first step begins on a cpu worker, milliseconds. */
  readonly trigger_p50_ms: number;
  readonly trigger_p99_ms: number;
  /** The same from a signed webhook, through the events role. */
  readonly webhook_p50_ms: number;
  readonly webhook_p99_ms: number;
}

/** Requests of each way of the trigger's measurement, one after the other. */
const triggers = 200;

// A namespace of its own, so that workers of a running installation do not take the bench's tasks.
const namespace = 'perennial-bench';

/**
 * Measures the interpreter against bare Temporal: same server, same worker, same activities, in turn.
 *
 * @param rounds pairs measured after one that warms up; default 7.
 */
export async function benchDag(config: Config, report: (line: string) => void, rounds = 7): Promise<DagBench> {
  const address = config.temporalAddress ?? '127.0.0.1:7233';
  const connection = await Connection.connect({ address });
  await ensureNamespace(connection, namespace);
  // A key of its own: its webhook source is gone afterwards.
  const composed = await composeServices({ ...config, secretKey: randomBytes(32) });
  const temporal = await openTemporal({ address, namespace });
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
  const native = await NativeConnection.connect({ address });
  const activities = createDagRunActivities({
    pipelines: benchPipelines,
    runs: composed.database.runs,
    admission: composed.database.admission,
    cache: composed.database.cache,
    launcher: temporal.launcher,
    services: composed.services,
    runInProcess: () => Promise.reject(new Error('bench steps run in the worker')),
    worker: 'bench',
    scratch: composed.scratch,
  });
  const common = { connection: native, namespace, activities, maxConcurrentActivityTaskExecutions: 100 };
  const workers = await Promise.all([
    Worker.create({
      ...common,
      taskQueue: taskQueues.control,
      workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
    }),
    Worker.create({ ...common, taskQueue: taskQueues.cpu }),
  ]);
  const client = new Client({ connection, namespace });

  /** Milliseconds of one run, ours or bare. */
  const measure = async (pipeline: AnyPipeline, bare: 'bareChain' | 'bareFanout' | null): Promise<number> => {
    const plan = compilePlan(pipeline);
    const runId = randomUUID();
    const { run } = await composed.database.runs.create({
      id: runId,
      pipeline: pipeline.id,
      params: {},
      plan,
      trigger: { kind: 'cli', by: 'bench' },
      idempotencyKey: null,
    });
    const calls: StepCall[] = plan.steps.map(({ id, heartbeatMs, codeVersion }) => ({
      runId,
      pipeline: pipeline.id,
      step: { id, heartbeatMs, codeVersion },
      params: {},
      inputs: {},
    }));
    const options = { taskQueue: taskQueues.control, workflowId: `bench-${runId}` };
    const from = performance.now();
    if (bare) await client.workflow.execute(bare, { ...options, args: [plan.steps[0], calls] });
    else await client.workflow.execute(workflowTypes.dagRun, { ...options, args: [dagRunInput(run)] });
    return performance.now() - from;
  };

  const compare = async (name: string, pipeline: AnyPipeline, bare: 'bareChain' | 'bareFanout') => {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const pair = [await measure(pipeline, null), await measure(pipeline, bare)] as const;
      if (round === 0) continue;
      ours.push(pair[0]);
      theirs.push(pair[1]);
    }
    report(
      `${name}: ${median(ours).toFixed(0)} ms, bare Temporal ${median(theirs).toFixed(0)} ms (medians of ${rounds})`,
    );
    return { ours: median(ours), ratio: median(ours) / median(theirs) };
  };

  const measureTriggers = async (): Promise<Record<'rest' | 'webhook', number[]>> => {
    const { key, hash } = newKey();
    const { id } = await composed.database.keys.create({ name: 'bench', role: 'operator', hash, expiresAt: null });
    const { clock } = composed.services;
    const app = await buildApp({
      ...composed.database,
      pipelines: benchPipelines,
      environment: 'dev',
      ...temporal,
      deliveryStates: openDeliveryStates({ url: config.redisUrl ?? '', prefix: 'perennial-bench' }),
      drift: composed.services.drift,
      findings: composed.services.findings,
      documentFiles: composed.services.documentFiles,
      ...composeResults(config),
      graphs: new Map(),
      inference: { predict: () => Promise.reject(new Error('the bench predicts nothing')) },
      ...composeRegistry(config),
      translation: composeTranslation(config, composed.database, composed.services.artifacts).service,
      clock,
      checks: {},
      bodyLimit: config.bodyLimit,
      rateLimit: 1_000_000,
      webhookRateLimit: 1_000_000,
      logLevel: 'silent',
    });
    const role = await startEventRole({
      ...composed.database,
      pipelines: benchPipelines,
      launcher: temporal.launcher,
      retrainingLauncher: temporal.retrainingLauncher,
      schedules: temporal.schedules,
      datasets: createDatasetSources({ endpoint: undefined, region: undefined }),
      queue: openEventQueue({ url: config.redisUrl ?? '', prefix: 'perennial-bench' }),
      clock,
      report: (message, error) => report(`${message}: ${String(error)}`),
    });
    const source = `bench-${id.slice(0, 8)}`;
    const service = createWebhookSourceService({ ...composed.database, pipelines: benchPipelines, clock });
    const starts = { pipeline: benchTrigger.id, params: { tag: 'event.data.tag' } };
    const { secret } = await service.create({ id: source, scheme: 'perennial', starts });
    try {
      const url = await app.listen({ host: '127.0.0.1', port: 0 });
      const api = new ApiClient(url, key);
      const ways = {
        rest: (tag: string) => api.post('/v1/runs', { pipeline: benchTrigger.id, params: { tag } }),
        webhook: (tag: string) => sendWebhook(`${url}/v1/webhooks/${source}`, secret, { id: tag, tag }),
      };
      const times: Record<'rest' | 'webhook', number[]> = { rest: [], webhook: [] };
      for (let i = -10; i < triggers; i++) {
        for (const way of ['rest', 'webhook'] as const) {
          const tag = randomUUID();
          const took = await triggered.time(tag, () => ways[way](tag));
          if (i >= 0) times[way].push(took);
        }
      }
      for (const way of ['rest', 'webhook'] as const) {
        const [p50, p99] = [0.5, 0.99].map((p) => percentile(times[way], p).toFixed(0));
        report(`trigger by ${way}: p50 ${p50} ms, p99 ${p99} ms of ${triggers} requests`);
      }
      return times;
    } finally {
      await app.close();
      await role.stop();
      await service.remove(source);
      await composed.database.keys.revoke(id);
    }
  };

  try {
    return await runUntil(workers, async () => {
      const times = await measureTriggers();
      const chain = await compare(`chain of ${chainLength}`, benchChain, 'bareChain');
      const fanout = await compare(`fan-out of ${fanoutItems.length}`, benchFanout, 'bareFanout');
      return {
        chain_ratio: round(chain.ratio),
        fanout_ratio: round(fanout.ratio),
        ms_per_step: round(chain.ours / chainLength),
        trigger_p50_ms: round(percentile(times.rest, 0.5)),
        trigger_p99_ms: round(percentile(times.rest, 0.99)),
        webhook_p50_ms: round(percentile(times.webhook, 0.5)),
        webhook_p99_ms: round(percentile(times.webhook, 0.99)),
      };
    });
  } finally {
    await temporal.close();
    await composed.close();
    await native.close();
    await connection.close();
  }
}

async function runUntil<T>(workers: readonly Worker[], work: () => Promise<T>): Promise<T> {
  const [first, ...others] = workers;
  if (!first) return work();
  return first.runUntil(() => runUntil(others, work));
}

const median = (values: readonly number[]): number => percentile(values, 0.5);

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
