import { NativeConnection, Worker } from '@temporalio/worker';
import { createDagRunActivities } from '../../activities/dag-run.ts';
import { createRetrainingActivities } from '../../activities/retraining.ts';
import { createRolloutActivities } from '../../activities/rollouts.ts';
import { createSchedulingActivities } from '../../activities/scheduling.ts';
import { taskQueues } from '../../contracts/names.ts';
import { type AnyPipeline, createRunStarter } from '../../domain/dag/index.ts';
import { dataFindings, driftHistory } from '../../domain/monitoring/series/index.ts';
import type { StepServices } from '../../domain/ports/step-context.ts';
import type { Temporal } from '../../storage/temporal/launcher.ts';
import { type OpenApi, openApi } from '../api/support.ts';
import { quietRuntime, workflowCode } from './dag-worker.ts';
import { ownTemporal } from './own-temporal.ts';
import { temporalAddress } from './servers.ts';

/** The API and a control worker for some pipelines, on a database and a Temporal namespace of their own. */
export interface Scheduler {
  readonly api: OpenApi;
  readonly temporal: Temporal;
  /** Asks until the answer is as wanted; fails after 30 s with the last one. */
  until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T>;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<{ status: number; body: T }>;
  close(): Promise<void>;
}

/** @param worker false: nothing is worked on. */
export async function startScheduler(
  pipelines: ReadonlyMap<string, AnyPipeline>,
  { worker = true, address = temporalAddress() }: { worker?: boolean; address?: string } = {},
): Promise<Scheduler> {
  const { temporal, namespace } = await ownTemporal(address);
  const { launcher, schedules, backfillLauncher, rolloutLauncher, retrainingLauncher } = temporal;
  const launchers = { launcher, backfillLauncher, rolloutLauncher, retrainingLauncher };
  const api = await openApi({ pipelines, schedules, ...launchers });
  const stop = worker ? await startWorker(api, pipelines, { address, namespace, temporal }) : async () => {};
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await api.call(method, path, body === undefined ? {} : { body });
    return { status: response.statusCode, body: response.body === '' ? null : response.json() };
  };
  return {
    api,
    temporal,
    async until(ask, isWanted) {
      for (const from = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 25))) {
        const answer = await ask();
        if (isWanted(answer)) return answer;
        if (Date.now() - from > 30_000) throw new Error(`waited in vain: ${JSON.stringify(answer)}`);
      }
    },
    get: async (path) => (await call('GET', path)).body,
    post: (path, body = {}) => call('POST', path, body),
    async close() {
      await stop();
      await api.close();
      await temporal.close();
    },
  };
}

async function startWorker(
  { database }: OpenApi,
  pipelines: ReadonlyMap<string, AnyPipeline>,
  { address, namespace, temporal }: { address: string; namespace: string; temporal: Temporal },
): Promise<() => Promise<void>> {
  quietRuntime();
  const connection = await NativeConnection.connect({ address });
  const starter = createRunStarter({ pipelines, runs: database.runs, launcher: temporal.launcher });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: taskQueues.control,
    ...(await workflowCode()),
    maxHeartbeatThrottleInterval: '200ms',
    activities: {
      ...createRolloutActivities({ ...database, clock: { now: () => new Date() } }),
      ...createSchedulingActivities({ ...database, pipelines, starter }),
      ...createRetrainingActivities({
        ...database,
        pipelines,
        starter,
        launcher: temporal.launcher,
        drift: driftHistory(database.metricSeries),
        findings: dataFindings(database.metricSeries),
        clock: { now: () => new Date() },
      }),
      ...createDagRunActivities({
        pipelines,
        runs: database.runs,
        admission: database.admission,
        cache: database.cache,
        launcher: temporal.launcher,
        services: {} as StepServices,
        runInProcess: () => Promise.reject(new Error('steps of these tests run in the worker')),
        worker: 'test',
        scratch: '/tmp',
      }),
    },
  });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
}
