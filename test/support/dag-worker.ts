import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import {
  bundleWorkflowCode,
  DefaultLogger,
  makeTelemetryFilterString,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import type {
  DagRunActivities,
  DagRunInput,
  DagRunResult,
  RunChange,
  RunProgress,
  StepCall,
} from '../../contracts/activities.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { taskQueues, workflowTypes } from '../../contracts/names.ts';
import type { Plan } from '../../contracts/plan.ts';
import { ensureNamespace } from '../../storage/temporal/namespace.ts';
import { telemetrySinks } from '../../workers/telemetry-sinks.ts';

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined;

/** The workflow bundle of the built code, made once per test worker. */
export function workflowBundle(): Promise<WorkflowBundleWithSourceMap> {
  bundle ??= bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../dist/workflows/index.js', import.meta.url)),
    workflowInterceptorModules: [fileURLToPath(new URL('../../dist/workflows/telemetry.js', import.meta.url))],
    logger: quiet,
  });
  return bundle;
}

/** What a worker needs to run the workflows, or to replay their histories. */
export async function workflowCode() {
  return { workflowBundle: await workflowBundle(), sinks: telemetrySinks(() => {}) };
}

const quiet = new DefaultLogger('ERROR');
let installed = false;

/** Installs a quiet Temporal runtime; once per process. */
export function quietRuntime(): void {
  const telemetryOptions = { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } };
  if (!installed) Runtime.install({ logger: quiet, telemetryOptions });
  installed = true;
}

/** With SAVE_HISTORIES=1 in the environment, keeps a history in test/replay/histories for the replay tests. */
export function saveHistory(name: string, history: proto.temporal.api.history.v1.IHistory): void {
  if (process.env['SAVE_HISTORIES'] !== '1') return;
  const file = new URL(`../replay/histories/${name}.binpb`, import.meta.url);
  writeFileSync(file, proto.temporal.api.history.v1.History.encode(history).finish());
}

/** What the interpreter did, in order. */
export interface Journal {
  readonly started: string[];
  readonly changes: RunChange[];
  /** What attempts gave, as records keep it. */
  readonly outputs: { readonly stepId: string; readonly mapKey: string; readonly output: Json }[];
}

/** What a workflow that goes on reads from the records. */
function progressOf(journal: Journal | undefined): RunProgress {
  const steps: Record<string, RunProgress['steps'][string]> = {};
  const items: Record<string, Record<string, Json>> = {};
  const failed: Record<string, Record<string, string>> = {};
  for (const { stepId, mapKey, output } of journal?.outputs ?? []) {
    if (mapKey === '') steps[stepId] = { status: 'succeeded', output };
    else items[stepId] = { ...items[stepId], [mapKey]: output };
  }
  for (const change of journal?.changes ?? []) {
    if (change.kind !== 'step') continue;
    const { stepId, mapKey, status, output = null, error } = change;
    if (mapKey !== '' && status === 'failed') failed[stepId] = { ...failed[stepId], [mapKey]: error?.message ?? '' };
    else if (mapKey === '' && (status === 'succeeded' || status === 'skipped')) steps[stepId] = { status, output };
  }
  return { steps, items, failed, attempts: {} };
}

export interface DagWorker {
  run(
    plan: Plan,
    body: (call: StepCall) => Promise<Json> | Json,
    params?: JsonObject,
  ): Promise<{ result: DagRunResult; journal: Journal; handle: WorkflowHandle }>;
  start(
    plan: Plan,
    body: (call: StepCall) => Promise<Json> | Json,
    params?: JsonObject,
  ): Promise<{ handle: WorkflowHandle; journal: Journal }>;
  close(): Promise<void>;
}

/** A real worker on a real server whose steps are functions of the test. One task queue serves all resource classes. */
export async function dagWorker(address: string): Promise<DagWorker> {
  quietRuntime();
  // Of its own: workers of other test files must not take its tasks.
  const namespace = `dag-${randomBytes(4).toString('hex')}`;
  const connection = await Connection.connect({ address });
  await ensureNamespace(connection, namespace);
  const native = await NativeConnection.connect({ address });
  const client = new Client({ connection, namespace });
  const bodies = new Map<string, (call: StepCall) => Promise<Json> | Json>();
  const journals = new Map<string, Journal>();
  const activities: DagRunActivities = {
    runStep: async (call) => {
      journals.get(call.runId)?.started.push(call.item ? `${call.step.id}[${call.item.key}]` : call.step.id);
      const output = (await bodies.get(call.runId)?.(call)) ?? null;
      journals.get(call.runId)?.outputs.push({ stepId: call.step.id, mapKey: call.item?.key ?? '', output });
      return output;
    },
    recordChanges: (runId, changes) => Promise.resolve(void journals.get(runId)?.changes.push(...changes)),
    admitRun: (runId) => {
      journals.get(runId)?.changes.push({ kind: 'run', status: 'running' });
      return Promise.resolve(true);
    },
    loadProgress: (runId) => Promise.resolve(progressOf(journals.get(runId))),
    acquireSlot: () => Promise.resolve(true),
    releaseSlot: () => Promise.resolve(),
  };
  const workers = await Promise.all([
    Worker.create({
      connection: native,
      namespace,
      taskQueue: taskQueues.control,
      ...(await workflowCode()),
      activities,
    }),
    Worker.create({
      connection: native,
      namespace,
      taskQueue: taskQueues.cpu,
      activities,
      maxHeartbeatThrottleInterval: '200ms',
    }),
  ]);
  const running = workers.map((worker) => worker.run());

  const start: DagWorker['start'] = async (plan, body, params = {}) => {
    const runId = randomUUID();
    const journal: Journal = { started: [], changes: [], outputs: [] };
    bodies.set(runId, body);
    journals.set(runId, journal);
    const handle = await client.workflow.start(workflowTypes.dagRun, {
      taskQueue: taskQueues.control,
      workflowId: runId,
      args: [{ runId, plan, params, execution: 1, priority: 3 } satisfies DagRunInput],
    });
    return { handle, journal };
  };
  return {
    start,
    run: async (plan, body, params) => {
      const { handle, journal } = await start(plan, body, params);
      return { result: (await handle.result()) as DagRunResult, journal, handle };
    },
    close: async () => {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await native.close();
      await connection.close();
    },
  };
}
