import { randomUUID } from 'node:crypto';
import { PerennialError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { type Priority, priorities, type RunRecord, type Trigger } from '../../contracts/runs.ts';
import type { RunLauncher, RunRepository } from '../ports/runs.ts';
import { compilePlan } from './compile.ts';
import type { AnyPipeline } from './definition.ts';
import { limitsOf } from './limits.ts';
import { validateParams } from './params.ts';
import { partitionName, partitionOf } from './partition.ts';

export interface RunRequest {
  readonly pipeline: string;
  /** Completed with the pipeline's defaults. */
  readonly params?: JsonObject;
  readonly trigger: Trigger;
  /** The same key for the same pipeline gives the run it made first. */
  readonly idempotencyKey?: string | null;
  /** Default: normal. */
  readonly priority?: Priority;
  /** Default true. */
  readonly cache?: boolean;
  readonly backfillId?: string | null;
  /** Where its trace goes on from; default: what is under way. */
  readonly traceparent?: string;
}

/** Makes runs, whoever asks: the API, schedules, rules and backfills. */
export interface RunStarter {
  /**
   * Stores a run, pinned to the plan of this code, without starting it.
   *
   * @throws PIPELINE_UNKNOWN, PARAMETER_INVALID, IDEMPOTENCY_CONFLICT.
   */
  create(request: RunRequest): Promise<{ run: RunRecord; created: boolean }>;
  /** As `create`, and hands the run to Temporal. While Temporal is away it stays queued, and the sweep hands it over later. */
  start(request: RunRequest): Promise<{ run: RunRecord; created: boolean }>;
}

export function createRunStarter(deps: {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly runs: Pick<RunRepository, 'create'>;
  readonly launcher: Pick<RunLauncher, 'start'>;
}): RunStarter {
  const create: RunStarter['create'] = (request) => {
    const pipeline = findPipeline(deps.pipelines, request.pipeline);
    const params = validateParams(pipeline, request.params ?? {});
    const partition = partitionOf(pipeline, params);
    return deps.runs.create({
      id: randomUUID(),
      pipeline: pipeline.id,
      params,
      plan: compilePlan(pipeline),
      trigger: request.trigger,
      idempotencyKey: request.idempotencyKey ?? null,
      priority: request.priority ?? priorities.normal,
      limits: limitsOf(pipeline, params),
      partition: partition && partitionName(partition),
      cache: request.cache ?? true,
      backfillId: request.backfillId ?? null,
      ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
    });
  };
  return {
    create,
    async start(request) {
      const { run, created } = await create(request);
      if (created) await launch(deps.launcher, run);
      return { run, created };
    },
  };
}

/** Hands a stored run over. While Temporal is away it stays queued, and the sweep hands it over later. */
export async function launch(launcher: Pick<RunLauncher, 'start'>, run: RunRecord): Promise<void> {
  try {
    await launcher.start(run);
  } catch (error) {
    if (!(error instanceof PerennialError && error.code === 'UNAVAILABLE')) throw error;
  }
}

/** The pipeline of an id; PIPELINE_UNKNOWN with the ones there are. */
export function findPipeline(pipelines: ReadonlyMap<string, AnyPipeline>, id: string): AnyPipeline {
  const pipeline = pipelines.get(id);
  if (pipeline) return pipeline;
  throw new PerennialError(
    'PIPELINE_UNKNOWN',
    `There is no pipeline "${id}"; there are ${[...pipelines.keys()].join(', ')}.`,
    { remedy: 'GET /v1/pipelines lists them.' },
  );
}
