import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { NativeConnection, Worker } from '@temporalio/worker';
import pg from 'pg';
import { createDagRunActivities } from '../../activities/dag-run.ts';
import { memoryBudget } from '../../activities/memory-budget.ts';
import { loadConfig } from '../../config/index.ts';
import { taskQueues, workflowIdOf } from '../../contracts/names.ts';
import type { RunRecord, StepRecord } from '../../contracts/runs.ts';
import { type AnyPipeline, createRunStarter, type RunStarter } from '../../domain/dag/index.ts';
import type { TaskQueueStates } from '../../domain/ports/queues.ts';
import type { RunLauncher } from '../../domain/ports/runs.ts';
import type { Database } from '../../storage/postgres/index.ts';
import { openTemporal } from '../../storage/temporal/launcher.ts';
import { ensureNamespace } from '../../storage/temporal/namespace.ts';
import { composeServices } from '../../workers/compose.ts';
import { startPresence, workerName } from '../../workers/presence.ts';
import { quietRuntime, saveHistory, workflowCode } from './dag-worker.ts';
import { freshDatabase, temporalAddress } from './servers.ts';

const { EventType } = proto.temporal.api.enums.v1;

/** Real workers in this process for the pipelines of a test, on a database and a Temporal namespace of their own. */
export interface RunWorker {
  readonly database: Database;
  readonly launcher: RunLauncher;
  readonly taskQueueStates: TaskQueueStates;
  readonly starter: RunStarter;
  readonly client: Client;
  /** Folder of the artifact store. */
  readonly artifacts: string;
  /** SQL on the worker's database, for what time alone would do. */
  query(sql: string): Promise<void>;
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  /** Resolves when the run's record fulfils the condition. */
  until(runId: string, holds: (run: RunRecord, steps: StepRecord[]) => boolean): Promise<RunRecord>;
  /** Resolves when the run has ended. */
  ended(runId: string): Promise<RunRecord>;
  stepOf(runId: string, stepId: string, mapKey?: string): Promise<StepRecord | undefined>;
  /** Replays the history of the run's newest workflow; see {@link saveHistory}. */
  replay(runId: string, options?: { saveAs?: string }): Promise<void>;
  /** Stops the workers; nothing runs until {@link RunWorker.startWorkers}. */
  stopWorkers(): Promise<void>;
  startWorkers(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param options.cpuSlots steps at a time. @param options.memoryMiB that they may state together; 0: nobody looks. @param options.address of Temporal; default: the server of all tests.
 * @param options.namespace default: one of its own.
 */
export async function runWorker(
  list: readonly AnyPipeline[],
  {
    cpuSlots = 20,
    memoryMiB = 0,
    address = temporalAddress(),
    namespace = `runs-${randomBytes(4).toString('hex')}`,
  }: { cpuSlots?: number; memoryMiB?: number; address?: string; namespace?: string } = {},
): Promise<RunWorker> {
  quietRuntime();
  const pipelines = new Map(list.map((pipeline) => [pipeline.id, pipeline]));
  const home = mkdtempSync(join(tmpdir(), 'perennial-worker-'));
  const { url, drop } = await freshDatabase();
  const connection = await Connection.connect({ address });
  await ensureNamespace(connection, namespace);
  const native = await NativeConnection.connect({ address });
  const config = loadConfig({ DATABASE_URL: url, PERENNIAL_HOME: home });
  const composed = await composeServices(config);
  const { database } = composed;
  const temporal = await openTemporal({ address, namespace });
  const { launcher, taskQueueStates } = temporal;
  const identity = workerName('control');
  const activities = createDagRunActivities({
    pipelines,
    runs: database.runs,
    admission: database.admission,
    cache: database.cache,
    launcher,
    services: composed.services,
    runInProcess: () => Promise.reject(new Error('steps of this test run in the worker')),
    worker: 'test',
    memory: memoryBudget(memoryMiB),
    scratch: composed.scratch,
  });

  let workers: Worker[] = [];
  let running: Promise<void>[] = [];
  let presence: ReturnType<typeof startPresence> | undefined;
  const startWorkers = async (): Promise<void> => {
    const common = { connection: native, namespace, identity, activities, shutdownGraceTime: 100 };
    presence = startPresence('control', database.workers);
    workers = [
      await Worker.create({ ...common, taskQueue: taskQueues.control, ...(await workflowCode()) }),
      await Worker.create({
        ...common,
        taskQueue: taskQueues.cpu,
        maxHeartbeatThrottleInterval: '200ms',
        maxConcurrentActivityTaskExecutions: cpuSlots,
      }),
    ];
    running = workers.map((worker) => worker.run());
  };
  const stopWorkers = async (): Promise<void> => {
    await presence?.stop();
    for (const worker of workers) worker.shutdown();
    await Promise.all(running);
    workers = [];
  };
  await startWorkers();

  const stateOf = async (runId: string): Promise<string> => {
    const run = await database.runs.get(runId);
    const steps = (await database.runs.steps(runId)).map((s) => `${s.stepId}${s.mapKey} ${s.status}`);
    const handle = new Client({ connection, namespace }).workflow.getHandle(workflowIdOf(runId, run?.execution ?? 1));
    const { raw } = await handle.describe();
    const events = (await handle.fetchHistory()).events ?? [];
    const last = events.slice(-12).map(({ eventType }) => EventType[eventType ?? 0]);
    return `${run?.status} (${steps.join(', ')}); pending ${JSON.stringify(raw.pendingActivities)}; last events ${last.join(' ')}`;
  };
  const until: RunWorker['until'] = (runId, holds) =>
    new Promise((resolve, reject) => {
      let unwatch: (() => Promise<void>) | undefined;
      // Before the test's own time is over, which would not tell where the run stands.
      const late = setTimeout(() => {
        stateOf(runId).then((state) => reject(new Error(`Run ${runId} did not come so far: ${state}`)), reject);
      }, 45_000);
      const look = async (): Promise<void> => {
        const run = await database.runs.get(runId);
        if (!run || !holds(run, await database.runs.steps(runId))) return;
        clearTimeout(late);
        await unwatch?.();
        resolve(run);
      };
      database.runs
        .watch(runId, () => void look().catch(reject))
        .then((stop) => {
          unwatch = stop;
          return look();
        })
        .catch(reject);
    });
  return {
    database,
    launcher,
    taskQueueStates,
    pipelines,
    artifacts: config.artifacts,
    async query(sql) {
      const connection = new pg.Client({ connectionString: url });
      await connection.connect();
      await connection.query(sql);
      await connection.end();
    },
    client: new Client({ connection, namespace }),
    starter: createRunStarter({ pipelines, runs: database.runs, launcher }),
    until,
    ended: (runId) => until(runId, (run) => run.finishedAt !== null),
    stepOf: async (runId, stepId, mapKey = '') =>
      (await database.runs.steps(runId)).find((s) => s.stepId === stepId && s.mapKey === mapKey),
    async replay(runId, { saveAs } = {}) {
      const execution = (await database.runs.get(runId))?.execution;
      const handle = new Client({ connection, namespace }).workflow.getHandle(workflowIdOf(runId, execution));
      await handle.result();
      const history = await handle.fetchHistory();
      if (saveAs) saveHistory(saveAs, history);
      await Worker.runReplayHistory(await workflowCode(), history);
    },
    startWorkers,
    stopWorkers,
    async close() {
      await stopWorkers();
      await native.close();
      await connection.close();
      await temporal.close();
      await composed.close();
      await drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
