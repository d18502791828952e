import type pg from 'pg';
import { PerennialError } from '../../contracts/errors.ts';
import { terminalRunStatuses } from '../../contracts/runs.ts';
import type { BackfillRepository, ClaimResult } from '../../domain/ports/backfills.ts';
import { type BackfillRow, toBackfill } from './backfill-rows.ts';
import { type Connection, sql } from './client.ts';
import { dayOf, readPartitionRuns } from './partition-runs.ts';
import { toRun } from './run-rows.ts';

interface Row {
  readonly partition: string;
  readonly status: string;
  readonly run_id: string | null;
}

/**
 * Claims hold a lock on the pipeline's day while they look and make the run, so that two backfills never both find nobody
 * at work. The run is made by another connection and has a key of its own: a process that dies in between leaves it to
 * the next claim of the partition, which finds it. One claim a process at a time, so that claims that wait for a lock
 * cannot hold every connection of the pool.
 */
export function claims({ pool, prisma }: Connection): BackfillRepository['claim'] {
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work, work);
    turn = result;
    return result;
  };

  const runOf = async (id: string): Promise<ClaimResult> => {
    const run = await prisma.run.findUniqueOrThrow({ where: { id } });
    return terminalRunStatuses.has(run.status as 'failed') ? { kind: 'done' } : { kind: 'run', run: toRun(run) };
  };

  return (id, position, decide, createRun) =>
    inTurn(() =>
      transaction(pool, async (client) => {
        const [found, [row]] = [
          await client.query<BackfillRow>(
            sql`select b.*, b."from"::text, b."to"::text from backfills b where id = ${id}`,
          ),
          (
            await client.query<Row>(sql`
              select partition, status, run_id from backfill_partitions where backfill_id = ${id} and position = ${position}`)
          ).rows,
        ];
        const backfill = found.rows[0] && toBackfill(found.rows[0]);
        if (!backfill || !row) {
          throw new PerennialError('NOT_FOUND', `Backfill "${id}" has no partition ${position}.`, {
            remedy: 'GET /v1/backfills lists backfills.',
          });
        }
        const { partition } = row;
        if (row.status === 'started' && row.run_id !== null) return runOf(row.run_id);
        if (backfill.finishedAt !== null || ['skipped', 'failed', 'cancelled'].includes(row.status))
          return { kind: 'done' };
        if (backfill.status === 'queued')
          await client.query(sql`update backfills set status = 'running' where id = ${id} and status = 'queued'`);

        await client.query(sql`
          select pg_advisory_xact_lock(hashtextextended(${`partition:${backfill.pipeline}:${dayOf(partition)}`}, 0))`);
        const update = (status: string, runId: string | null, reason: string | null): Promise<unknown> =>
          client.query(sql`
            update backfill_partitions set status = ${status}, run_id = ${runId}, reason = ${reason}
            where backfill_id = ${id} and position = ${position}`);

        const own = await client.query<{ id: string }>(sql`
          select id from runs where backfill_id = ${id} and partition = ${partition} order by created_at limit 1`);
        if (own.rows[0]) {
          await update('started', own.rows[0].id, null);
          return runOf(own.rows[0].id);
        }
        const runs = (await readPartitionRuns(client, backfill.pipeline, [partition])).get(partition);
        const decision = decide(backfill, runs ?? { active: null, succeeded: null, ended: null });
        if (decision.kind === 'run') {
          const run = await createRun(backfill, partition);
          await update('started', run.id, null);
          return { kind: 'run', run };
        }
        await update(decision.kind === 'wait' ? 'waiting' : 'skipped', decision.runId, decision.reason);
        return decision.kind === 'wait' ? { kind: 'wait', runId: decision.runId } : { kind: 'done' };
      }),
    );
}

/** A machine that is lost in the middle of a claim must not keep the day, nor whoever waits for the day all other claims. */
const bounded = "begin; set local lock_timeout = '10s'; set local idle_in_transaction_session_timeout = '30s'";

async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isBroken = true;
  try {
    await client.query(bounded);
    const result = await work(client);
    await client.query('commit');
    isBroken = false;
    return result;
  } finally {
    // Closing the connection rolls back.
    client.release(isBroken);
  }
}
