import type { Json } from '../../contracts/json.ts';
import type { LogLine } from '../../contracts/runs.ts';
import type { RunRepository } from '../../domain/ports/runs.ts';
import { attemptsOf } from './attempts.ts';
import { type Connection, cursors, iso } from './client.ts';
import { createRun } from './create-run.ts';
import { readEvents } from './events.ts';
import { escapeLike } from './like.ts';
import { loadProgress, restartRun } from './restart-run.ts';
import { applyChange, isCurrent } from './run-changes.ts';
import type { RunNotices } from './run-notices.ts';
import { toRun, toStep } from './run-rows.ts';
import type { Watcher } from './watcher.ts';

/** Runs in PostgreSQL. `watcher` hears when a run has new events, `notices` tells it. */
export function runRepository(connection: Connection, watcher: Watcher, notices: RunNotices): RunRepository {
  const db = connection.prisma;
  return {
    ...attemptsOf(connection, notices),
    async create(run) {
      const made = await createRun(connection, run);
      if (made.created) notices.tell(run.id);
      return made;
    },

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
          ...(filter.partition === undefined ? {} : { partition: filter.partition }),
          ...(filter.backfill === undefined ? {} : { backfillId: filter.backfill }),
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

    async apply(runId, changes, execution) {
      await db.$transaction(async (tx) => {
        if (execution !== undefined && !(await isCurrent(tx, runId, execution))) return;
        for (const change of changes) await applyChange(tx, runId, change);
      });
      // Also when nothing is new: whoever wrote it may have died before it could tell.
      notices.tell(runId);
    },

    async queued(before, limit) {
      const rows = await db.run.findMany({
        where: { status: 'queued', launchedAt: null, createdAt: { lt: before } },
        orderBy: { createdAt: 'asc' },
        take: limit,
      });
      return rows.map(toRun);
    },

    open: (limit, after = '') =>
      db.run.findMany({
        where: { status: { in: ['queued', 'running', 'paused'] }, launchedAt: { not: null }, id: { gt: after } },
        orderBy: { id: 'asc' },
        take: limit,
        select: { id: true, execution: true },
      }),

    async restart(runId, restart) {
      const run = await restartRun(db, runId, restart);
      notices.tell(runId);
      return run;
    },
    loadProgress: (runId) => loadProgress(connection, runId),

    async logs(runId, { stepId, mapKey, levels, text, after, before, limit }) {
      const rows = await db.stepLog.findMany({
        where: {
          runId,
          ...(stepId === undefined ? {} : { stepId }),
          ...(mapKey === undefined ? {} : { mapKey }),
          ...(levels === undefined ? {} : { level: { in: [...levels] } }),
          ...(text === undefined ? {} : { message: { contains: escapeLike(text), mode: 'insensitive' } }),
          id: { ...(after === undefined ? {} : { gt: after }), ...(before === undefined ? {} : { lt: before }) },
        },
        orderBy: { id: before === undefined ? 'asc' : 'desc' },
        take: limit,
      });
      if (before !== undefined) rows.reverse();
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
    async newestEvent(runId) {
      const event = await db.runEvent.findFirst({ where: { runId }, orderBy: { id: 'desc' }, select: { id: true } });
      return Number(event?.id ?? 0);
    },
    watch: (runId, wake) => watcher.watch(runId, wake),
  };
}
