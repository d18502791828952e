import { Client, Connection, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import { dagRunInput } from '../../contracts/activities.ts';
import { runSignals, workflowIdOf, workflowTypes } from '../../contracts/names.ts';
import type { RunRecord } from '../../contracts/runs.ts';
import type { BackfillLauncher } from '../../domain/ports/backfills.ts';
import type { TaskQueueStates } from '../../domain/ports/queues.ts';
import type { RetrainingLauncher } from '../../domain/ports/retraining.ts';
import type { RolloutLauncher } from '../../domain/ports/rollouts.ts';
import type { RunLauncher, RunRef, WorkflowState } from '../../domain/ports/runs.ts';
import type { ScheduleRepository } from '../../domain/ports/schedules.ts';
import { backfillLauncher } from './backfills.ts';
import { guarded } from './errors.ts';
import { retrainingLauncher } from './retraining.ts';
import { rolloutLauncher } from './rollouts.ts';
import { scheduleRepository } from './schedules.ts';
import { startOnce } from './start-once.ts';
import { taskQueueStates } from './task-queues.ts';
import { traceHeader } from './trace-header.ts';

const closed: ReadonlyMap<string, WorkflowState> = new Map([
  ['COMPLETED', 'completed'],
  ['FAILED', 'failed'],
  ['CANCELLED', 'cancelled'],
  ['TERMINATED', 'terminated'],
  ['TIMED_OUT', 'timed out'],
]);

export interface Temporal {
  readonly client: Client;
  readonly launcher: RunLauncher;
  readonly schedules: ScheduleRepository;
  readonly backfillLauncher: BackfillLauncher;
  readonly rolloutLauncher: RolloutLauncher;
  readonly retrainingLauncher: RetrainingLauncher;
  readonly taskQueueStates: TaskQueueStates;
  /** UNAVAILABLE when the server does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Hands runs to Temporal. The connection is made with the first call and comes back by itself after an outage. */
export async function openTemporal({ address, namespace }: { address: string; namespace: string }): Promise<Temporal> {
  const connection = Connection.lazy({ address, connectTimeout: 5_000 });
  const client = new Client({ connection, namespace, interceptors: { workflow: [traceHeader] } });
  const start = (run: RunRecord): Promise<void> =>
    startOnce(client, workflowTypes.dagRun, {
      workflowId: workflowIdOf(run.id, run.execution),
      priority: { priorityKey: run.priority, fairnessKey: run.pipeline },
      args: [dagRunInput(run)],
    });
  const handleOf = ({ id, execution }: RunRef): WorkflowHandle =>
    client.workflow.getHandle(workflowIdOf(id, execution));
  /** Says something to a run, which may be so new that nobody has started its workflow yet. */
  const told = (run: RunRecord, say: (workflow: WorkflowHandle) => Promise<unknown>): Promise<boolean> =>
    guarded(async () => {
      if (run.status === 'queued') await start(run);
      return whileOpen(() => say(handleOf(run)));
    });
  return {
    client,
    launcher: {
      start: (run) => guarded(() => start(run)),
      async cancel(run) {
        const heard = await told(run, (workflow) => workflow.cancel());
        // Servers take the cancellation of a workflow that has ended.
        return heard && (await guarded(() => stateOf(handleOf(run)))) === 'open';
      },
      pause: (run, pause) => told(run, (workflow) => workflow.signal(runSignals.pause, pause)),
      resume: (run) => told(run, (workflow) => workflow.signal(runSignals.resume)),
      skip: (run, skip) => told(run, (workflow) => workflow.signal(runSignals.skip, skip)),
      workflowState: (run) => guarded(() => stateOf(handleOf(run))),
      admitted: (runs) =>
        guarded(async () => {
          await Promise.all(
            runs.map(({ id, execution }) => whileOpen(() => handleOf({ id, execution }).signal(runSignals.admitted))),
          );
        }),
      slotsGranted: (slots) =>
        guarded(async () => {
          await Promise.all(
            slots.map(({ run, stepId, mapKey }) =>
              whileOpen(() => handleOf(run).signal(runSignals.slotGranted, stepId, mapKey)),
            ),
          );
        }),
    },
    schedules: scheduleRepository(client),
    backfillLauncher: backfillLauncher(client),
    rolloutLauncher: rolloutLauncher(client),
    retrainingLauncher: retrainingLauncher(client),
    taskQueueStates: taskQueueStates(client),
    ping: () => guarded(async () => void (await connection.workflowService.getSystemInfo({}))),
    close: () => connection.close(),
  };
}

/** A namespace that is not there is an error, not a workflow that is not known. */
async function stateOf(workflow: WorkflowHandle): Promise<WorkflowState> {
  try {
    const { status } = await workflow.describe();
    return closed.get(status.name) ?? 'open';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'unknown';
    throw error;
  }
}

/** What is said to a run that has ended meanwhile changes nothing: false. */
async function whileOpen(say: () => Promise<unknown>): Promise<boolean> {
  try {
    await say();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
