import { randomUUID } from 'node:crypto';
import type { BackfillDetail, BackfillForecast, BackfillRecord } from '../../contracts/backfills.ts';
import { PerennialError } from '../../contracts/errors.ts';
import { priorities, type RunRecord } from '../../contracts/runs.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import { limitKeyOf } from '../dag/limits.ts';
import { partitionParams } from '../dag/partition.ts';
import { findPipeline, type RunStarter } from '../dag/start-run.ts';
import type { BackfillLauncher, BackfillRepository } from '../ports/backfills.ts';
import type { Clock } from '../ports/clock.ts';
import { decidePartition } from './decide.ts';
import { type BackfillRequest, checkBackfill } from './request.ts';

/** Runs that an estimate rests on at most. */
const judgedBy = 50;

export interface BackfillService {
  /** What it would do now. Errors as {@link checkBackfill}. */
  forecast(request: BackfillRequest): Promise<BackfillForecast>;
  /** Starts it; or returns the active one that asks for the same (`created: false`). Errors as {@link checkBackfill}. */
  ask(request: BackfillRequest, by: string): Promise<{ backfill: BackfillRecord; created: boolean }>;
  /** NOT_FOUND. */
  show(id: string): Promise<BackfillDetail>;
  /** Stops it and its runs. NOT_FOUND; CONFLICT when it has ended. */
  cancel(id: string): Promise<BackfillDetail>;
}

export function createBackfillService(deps: {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly backfills: BackfillRepository;
  readonly backfillLauncher: BackfillLauncher;
  readonly clock: Clock;
}): BackfillService {
  const { pipelines, backfills, backfillLauncher, clock } = deps;
  const show = async (id: string): Promise<BackfillDetail> => {
    const backfill = await backfills.get(id);
    if (backfill) return backfill;
    throw new PerennialError('NOT_FOUND', `There is no backfill "${id}".`, { remedy: 'GET /v1/backfills lists them.' });
  };
  return {
    show,
    async forecast(request) {
      const { pipeline, partitions, keys, mode, concurrency } = checkBackfill(request, pipelines);
      const runs = await backfills.runsOf(pipeline.id, partitions);
      const askedAt = clock.now().toISOString();
      const decided = partitions.map((partition) => {
        const decision = decidePartition(
          { mode, askedAt },
          runs.get(partition) ?? { active: null, succeeded: null, ended: null },
        );
        return { partition, action: decision.kind, reason: decision.kind === 'run' ? null : decision.reason };
      });
      const toRun = decided.filter(({ action }) => action === 'run').length;
      const kind = keys.length > 0 ? 'key' : 'day';
      const alike = await backfills.medianSeconds(pipeline.id, kind, judgedBy);
      const past = alike.runs > 0 ? alike : await backfills.medianSeconds(pipeline.id, null, judgedBy);
      const atATime = Math.min(concurrency, mostAtATime(pipeline, keys.length));
      const estimate =
        past.seconds === null
          ? null
          : {
              seconds: past.seconds * Math.ceil(toRun / atATime),
              medianRunSeconds: past.seconds,
              basedOnRuns: past.runs,
            };
      return { total: partitions.length, toRun, partitions: decided, estimate };
    },
    async ask(request, by) {
      const { pipeline, ...rest } = checkBackfill(request, pipelines);
      const asked = await backfills.create({ ...rest, id: randomUUID(), pipeline: pipeline.id, by });
      try {
        if (asked.backfill.status === 'queued') await backfillLauncher.start(asked.backfill);
      } catch (error) {
        // It stays queued, and the sweep hands it over when Temporal is back.
        if (!(error instanceof PerennialError && error.code === 'UNAVAILABLE')) throw error;
      }
      return asked;
    },
    async cancel(id) {
      const backfill = await show(id);
      if (backfill.finishedAt !== null) {
        throw new PerennialError('CONFLICT', `Backfill "${id}" has ended already: ${backfill.status}.`, {
          remedy: 'There is nothing to cancel.',
        });
      }
      const isWorkedOn = await backfillLauncher.cancel(id);
      // Its workflow has not started (one that starts now finds that it has ended), or was ended from outside.
      if (!isWorkedOn || backfill.status === 'queued') await backfills.finish(id, true);
      return show(id);
    },
  };
}

/** Runs that the limits of the definition let in at a time. */
function mostAtATime(pipeline: AnyPipeline, keys: number): number {
  const { runs = Number.POSITIVE_INFINITY, perKey = Number.POSITIVE_INFINITY } = pipeline.concurrency ?? {};
  // Counted by another parameter, keys say nothing about it.
  const isByKey = keys > 0 && limitKeyOf(pipeline) === pipeline.partition?.key;
  return Math.min(runs, isByKey ? keys * perKey : Number.POSITIVE_INFINITY);
}

/** Makes the run of a partition; again, the same run. */
export function startPartition(
  starter: Pick<RunStarter, 'create'>,
  pipelines: ReadonlyMap<string, AnyPipeline>,
): (backfill: BackfillRecord, partition: string) => Promise<RunRecord> {
  return async ({ id, pipeline, params }, partition) => {
    const [date = '', key = ''] = partition.split('/');
    const { run } = await starter.create({
      pipeline,
      params: { ...params, ...partitionParams(findPipeline(pipelines, pipeline), { date, key }) },
      trigger: { kind: 'backfill', by: id },
      idempotencyKey: `backfill/${id}/${partition}`,
      priority: priorities.backfill,
      backfillId: id,
    });
    return run;
  };
}
