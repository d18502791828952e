import { isDeepStrictEqual } from 'node:util';
import { PerennialError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { LogLine, RunRecord, StepAttemptRecord, StepRecord } from '../../contracts/runs.ts';
import type { NewRun, RunRepository } from '../../domain/ports/runs.ts';
import { attemptsOf } from './attempts.ts';
import { type Connection, cursors, iso, type PrismaClient } from './client.ts';
import { readEvents } from './events.ts';
import type { Run, StepAttempt, StepRun } from './generated/client.ts';
import { addEvent, applyChange } from './run-changes.ts';
import type { Watcher } from './watcher.ts';

/** Runs in PostgreSQL. `watcher` says when a run has new events. */
export function runRepository(connection: Connection, watcher: Watcher): RunRepository {
  const db = connection.prisma;
  return {
    ...attemptsOf(connection),
    create: (run) => create(db, run),

    async get(id) {
      const row = await db.run.findUnique({ where: { id } });
      return row && toRun(row);
    },

    async list(filter, page) {
      const after = cursors.read(page.cursor);
      const rows = await db.run.findMany({
        where: {
          ...(filter.pipeline === undefined ? {} : { pipeline: filter.pipeline }),
          ...(filter.status === undefined ? {} : { status: filter.status }),
          createdAt: {
            ...(filter.from ? { gte: new Date(filter.from) } : {}),
            ...(filter.to ? { lt: new Date(filter.to) } : {}),
          },
          ...(after ? { OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }] } : {}),
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: page.limit + 1,
      });
      const runs = rows.slice(0, page.limit).map(toRun);
      const last = runs.at(-1);
      return { runs, next: rows.length > page.limit && last ? cursors.write(last.createdAt, last.id) : null };
    },

    async steps(runId) {
      const rows = await db.stepRun.findMany({
        where: { runId },
        include: { attempts: { orderBy: { attempt: 'asc' } } },
        orderBy: [{ position: 'asc' }, { mapKey: 'asc' }],
      });
      return rows.map(toStep);
    },

    async outputs(runId, stepIds) {
      const rows = await db.stepRun.findMany({
        where: { runId, stepId: { in: [...stepIds] }, mapKey: '' },
        select: { stepId: true, output: true },
      });
      const outputs = new Map(rows.map((row) => [row.stepId, row.output as Json]));
      return Object.fromEntries(stepIds.map((id) => [id, outputs.get(id) ?? null]));
    },

    async apply(runId, changes) {
      await db.$transaction(async (tx) => {
        for (const change of changes) await applyChange(tx, runId, change);
      });
    },

    async queued(before, limit) {
      const rows = await db.run.findMany({
        where: { status: 'queued', createdAt: { lt: before } },
        orderBy: { createdAt: 'asc' },
        take: limit,
      });
      return rows.map(toRun);
    },

    async logs(runId, { stepId, after, limit }) {
      const rows = await db.stepLog.findMany({
        where: {
          runId,
          ...(stepId === undefined ? {} : { stepId }),
          ...(after === undefined ? {} : { id: { gt: after } }),
        },
        orderBy: { id: 'asc' },
        take: limit,
      });
      return rows.map(
        ({ id, at, level, ...rest }): LogLine => ({
          ...rest,
          id: Number(id),
          at: iso(at),
          level: level as LogLine['level'],
        }),
      );
    },

    events: (runId, after, limit) => readEvents(connection, runId, after, limit),
    watch: (runId, wake) => watcher.watch(runId, wake),
  };
}

async function create(db: PrismaClient, run: NewRun): Promise<{ run: RunRecord; created: boolean }> {
  const { id, pipeline, params, plan, trigger, idempotencyKey } = run;
  const { priority = 3, limits = {}, partition = null, cache = true, parentId = null, backfillId = null } = run;
  return db.$transaction(async (tx) => {
    const { count } = await tx.run.createMany({
      data: [
        {
          id,
          pipeline,
          status: 'queued',
          params,
          plan: plan as object,
          trigger,
          idempotencyKey,
          priority,
          limits,
          partition,
          cache,
          parentId,
          backfillId,
        },
      ],
      skipDuplicates: true,
    });
    if (count === 0) {
      const earlier = await tx.run.findFirst({
        where: idempotencyKey === null ? { id } : { pipeline, idempotencyKey },
      });
      if (!earlier) throw new PerennialError('CONFLICT', `The run id "${id}" is taken.`, { remedy: 'Use a fresh id.' });
      if (!isDeepStrictEqual(earlier.params, params)) {
        throw new PerennialError(
          'IDEMPOTENCY_CONFLICT',
          `The idempotency key "${idempotencyKey}" was used for run ${earlier.id} with other parameters.`,
          {
            remedy: 'Use a new key for a new request, or the same parameters.',
          },
        );
      }
      return { run: toRun(earlier), created: false };
    }
    await tx.stepRun.createMany({
      data: plan.steps.map((step, position) => ({ runId: id, stepId: step.id, position, status: 'pending' })),
    });
    await addEvent(tx, id, 'run', { status: 'queued' });
    return { run: toRun(await tx.run.findUniqueOrThrow({ where: { id } })), created: true };
  });
}

function toRun(row: Run): RunRecord {
  return {
    id: row.id,
    pipeline: row.pipeline,
    status: row.status as RunRecord['status'],
    params: row.params as JsonObject,
    plan: row.plan as unknown as RunRecord['plan'],
    trigger: row.trigger as RunRecord['trigger'],
    idempotencyKey: row.idempotencyKey,
    createdAt: iso(row.createdAt),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    error: row.error as unknown as RunRecord['error'],
    execution: row.execution,
    priority: row.priority as RunRecord['priority'],
    limits: row.limits as RunRecord['limits'],
    admittedAt: iso(row.admittedAt),
    partition: row.partition,
    cache: row.cache,
    parentId: row.parentId,
    backfillId: row.backfillId,
    pause: row.pause as unknown as RunRecord['pause'],
  };
}

function toStep(row: StepRun & { attempts: StepAttempt[] }): StepRecord {
  return {
    runId: row.runId,
    stepId: row.stepId,
    mapKey: row.mapKey,
    status: row.status as StepRecord['status'],
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    progress: row.progress as unknown as StepRecord['progress'],
    metrics: row.metrics as StepRecord['metrics'],
    output: row.output as Json,
    error: row.error as unknown as StepRecord['error'],
    reason: row.reason,
    cachedFrom: row.cachedFrom as unknown as StepRecord['cachedFrom'],
    attempts: row.attempts.map(
      (attempt): StepAttemptRecord => ({
        attempt: attempt.attempt,
        status: attempt.status as StepAttemptRecord['status'],
        worker: attempt.worker,
        startedAt: iso(attempt.startedAt),
        finishedAt: iso(attempt.finishedAt),
        error: attempt.error as unknown as StepAttemptRecord['error'],
      }),
    ),
  };
}
