import { Context } from '@temporalio/activity';
import { dagRunInput } from '../contracts/activities.ts';
import { PerennialError, toErrorInfo } from '../contracts/errors.ts';
import type { JsonObject } from '../contracts/json.ts';
import { type Priority, terminalRunStatuses } from '../contracts/runs.ts';
import type { SchedulingActivities } from '../contracts/scheduling.ts';
import { decidePartition, startPartition } from '../domain/backfills/index.ts';
import type { AnyPipeline, RunStarter } from '../domain/dag/index.ts';
import type { BackfillRepository } from '../domain/ports/backfills.ts';
import type { RunRepository } from '../domain/ports/runs.ts';
import type { ScheduleHistory } from '../domain/ports/schedules.ts';
import { resolveParams, scheduleScope } from '../domain/schedules/index.ts';
import { applicationFailure } from './failures.ts';

/** How often a run is looked at whose end nobody told. */
const lookMs = 5_000;

export interface SchedulingDeps {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly starter: Pick<RunStarter, 'create'>;
  readonly runs: Pick<RunRepository, 'get' | 'watch' | 'apply'>;
  readonly backfills: BackfillRepository;
  readonly scheduleHistory: ScheduleHistory;
}

/** The activities of `scheduledRun` and `backfill`. A fault that trying again cannot mend ends the workflow. */
export function createSchedulingActivities(deps: SchedulingDeps): SchedulingActivities {
  const { pipelines, starter, runs, backfills, scheduleHistory } = deps;
  const createRun = startPartition(starter, pipelines);
  return {
    async createScheduledRun({ id, pipeline, params, timeZone, priority }, scheduledAt) {
      try {
        const scope = scheduleScope(id, timeZone ?? 'UTC', Date.parse(scheduledAt));
        const { run } = await starter.create({
          pipeline,
          params: resolveParams((params ?? {}) as JsonObject, scope),
          trigger: { kind: 'schedule', by: id },
          idempotencyKey: `schedule/${id}/${scheduledAt}`,
          ...(priority === undefined ? {} : { priority: priority as Priority }),
        });
        return dagRunInput(run);
      } catch (error) {
        if (error instanceof PerennialError && !error.retry)
          await scheduleHistory.addFault({ id, pipeline }, { scheduledAt, error: toErrorInfo(error) });
        throw applicationFailure(error);
      }
    },

    async claimPartition(backfillId, position) {
      try {
        const claim = await backfills.claim(
          backfillId,
          position,
          ({ mode, createdAt }, found) => decidePartition({ mode, askedAt: createdAt }, found),
          createRun,
        );
        return claim.kind === 'run' ? { kind: 'run', run: dagRunInput(claim.run) } : claim;
      } catch (error) {
        // A partition that cannot have a run, because the code has changed say, does not stop the others.
        if (!(error instanceof PerennialError) || error.retry || error.code === 'NOT_FOUND')
          throw applicationFailure(error);
        await backfills.failPartition(backfillId, position, error.message);
        return { kind: 'done' };
      }
    },

    async awaitRun(runId) {
      const { cancellationSignal: signal, heartbeat } = Context.current();
      let wake: () => void = () => {};
      const unwatch = await runs.watch(runId, () => wake());
      const onAbort = (): void => wake();
      signal.addEventListener('abort', onAbort);
      try {
        for (;;) {
          const woken = new Promise<void>((resolve) => {
            wake = resolve;
          });
          const run = await runs.get(runId);
          if (!run || terminalRunStatuses.has(run.status)) return;
          if (signal.aborted) await Context.current().cancelled;
          heartbeat();
          const timer = setTimeout(() => wake(), lookMs);
          await woken;
          clearTimeout(timer);
        }
      } finally {
        signal.removeEventListener('abort', onAbort);
        await unwatch();
      }
    },

    failRun: (runId, error) =>
      runs.apply(runId, [{ kind: 'run', status: error.code === 'CANCELLED' ? 'cancelled' : 'failed', error }]),
    finishBackfill: (backfillId, cancelled) => backfills.finish(backfillId, cancelled),
  };
}
