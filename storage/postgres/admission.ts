import type { Pool, PoolClient } from 'pg';
import type { LimitState } from '../../contracts/limits.ts';
import type { Limits } from '../../contracts/runs.ts';
import type { Admission, Granted } from '../../domain/ports/admission.ts';
import type { RunRef } from '../../domain/ports/runs.ts';
import { type Connection, json, sql } from './client.ts';
import { blocking, candidates, readFill, type WaitingRun, waitingRuns } from './queue.ts';
import type { RunNotices } from './run-notices.ts';
import { acquireSlot, grantAll, poolStates, releaseSlot, waitingSlots } from './slots.ts';

/** One decides at a time, whoever it is. */
const lock = 7_270_001;

/** Limits, pools and the queue before them, in PostgreSQL. */
export function admissionRepository({ pool }: Connection, notices: RunNotices): Admission {
  return {
    async admit(runId) {
      if (await begin(pool, runId, true)) {
        notices.tell(runId);
        return { admitted: true, granted: none };
      }
      const decided = await decide(pool, async (client) => {
        const launched = await client.query(sql`
          update runs set launched_at = now() where id = ${runId} and launched_at is null returning id`);
        const runs = await letIn(client);
        const admitted = await begin(client, runId, false);
        if (!admitted && launched.rowCount) await tellWaiting(client, runId);
        return { admitted, granted: { runs: runs.filter(({ id }) => id !== runId), slots: [] } };
      });
      notices.tell(runId);
      return decided;
    },
    next: () =>
      decide(pool, async (client) => {
        if (!(await anyWaiting(client))) return none;
        return { runs: [...(await stranded(client)), ...(await letIn(client))], slots: await grantAll(client) };
      }),
    acquire: (claim) => decide(pool, (client) => acquireSlot(client, claim)),
    release: (step) => decide(pool, async (client) => ({ runs: [], slots: await releaseSlot(client, step) })),

    async waiting(runId) {
      return [...(await waitingRuns(pool, runId)), ...(await waitingSlots(pool, runId))];
    },

    async limits() {
      const { active } = await readFill(pool);
      const waiting = await waitingByLimit(pool);
      const code = new Map<string, number>();
      const { rows } = await pool.query<{ limits: Limits }>(sql`
        select distinct limits from runs where status in ('queued', 'running', 'paused')`);
      for (const { limits } of rows)
        for (const [name, capacity] of Object.entries(limits)) if (capacity !== null) code.set(name, capacity);
      const pools = await poolStates(pool);
      const { rows: set } = await pool.query<{ name: string; capacity: number; by: string }>(
        sql`select name, capacity, by from limits`,
      );
      const names = new Set([...code.keys(), ...pools.keys(), ...set.map(({ name }) => name)]);
      return [...names].sort().map((name): LimitState => {
        const override = set.find((entry) => entry.name === name);
        const slots = pools.get(name);
        return {
          name,
          capacity: override?.capacity ?? slots?.capacity ?? code.get(name) ?? null,
          by: override?.by ?? null,
          active: slots?.active ?? active.get(name) ?? 0,
          waiting: slots?.waiting ?? waiting.get(name) ?? 0,
        };
      });
    },
    async setLimit(name, capacity, by) {
      await pool.query(sql`
        insert into limits (name, capacity, by, updated_at) values (${name}, ${capacity}, ${by}, now())
        on conflict (name) do update set capacity = excluded.capacity, by = excluded.by, updated_at = now()`);
    },
    async clearLimit(name) {
      return ((await pool.query(sql`delete from limits where name = ${name}`)).rowCount ?? 0) > 0;
    },
  };
}

const none: Granted = { runs: [], slots: [] };

async function decide<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(sql`select pg_advisory_xact_lock(${lock})`);
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // Ends the transaction with the connection, which may be the broken one.
    client.release(true);
    throw error;
  }
}

/**
 * Makes a run `running` that was let in, or with `unlimited` one that has no limit at all: the usual case, without a
 * lock. @returns whether it is running now.
 */
async function begin(db: Pool | PoolClient, runId: string, unlimited: boolean): Promise<boolean> {
  const { rows } = await db.query<{ began: boolean }>(sql`
    with began as (
      update runs set status = 'running', pause = null, started_at = coalesce(started_at, now()),
        launched_at = coalesce(launched_at, now()), admitted_at = coalesce(admitted_at, now())
      where id = ${runId} and status = 'queued' and (admitted_at is not null or (${unlimited}::boolean and not exists (
        select from jsonb_each_text(limits) as l(name, capacity) left join limits s on s.name = l.name
        where coalesce(s.capacity, l.capacity::int) is not null)))
      returning id
    ), event as (
      insert into run_events (run_id, type, data) select id, 'run', '{"status":"running"}'::jsonb from began
    )
    select exists (select from began) or status in ('running', 'paused') as began
    from runs where id = ${runId}`);
  return rows[0]?.began ?? false;
}

async function anyWaiting(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ any: boolean }>(sql`
    select exists (select from runs where status = 'queued' and launched_at is not null)
      or exists (select from slots) as any`);
  return rows[0]?.any ?? false;
}

/** Lets in the waiting runs that fit. */
async function letIn(client: PoolClient): Promise<WaitingRun[]> {
  const fill = await readFill(client);
  const fitting = (await candidates(client)).filter((run) => {
    if (blocking(run, fill).length > 0) return false;
    for (const name of Object.keys(run.limits)) fill.active.set(name, (fill.active.get(name) ?? 0) + 1);
    return true;
  });
  if (fitting.length > 0) {
    await client.query(sql`update runs set admitted_at = now() where id = any(${fitting.map(({ id }) => id)}::text[])`);
  }
  return fitting;
}

/** Runs let in a while ago that have not begun: what woke them was lost. */
async function stranded(client: PoolClient): Promise<RunRef[]> {
  const { rows } = await client.query<RunRef>(sql`
    select id, execution from runs
    where status = 'queued' and launched_at is not null and admitted_at < now() - interval '2 seconds' limit 1000`);
  return rows;
}

/** How many runs wait that count for a limit. */
async function waitingByLimit(db: Pool): Promise<Map<string, number>> {
  const { rows } = await db.query<{ name: string; count: number }>(sql`
    select name, count(*)::int from runs, jsonb_object_keys(limits) as name
    where status = 'queued' and launched_at is not null and admitted_at is null group by name`);
  return new Map(rows.map(({ name, count }) => [name, count]));
}

/** Tells who follows the run what it waits for. */
async function tellWaiting(client: PoolClient, runId: string): Promise<void> {
  const [run] = await waitingRuns(client, runId);
  if (!run) return;
  const data = json({ status: 'queued', waitsFor: run.limits, place: run.place });
  await client.query(sql`insert into run_events (run_id, type, data) values (${runId}, 'run', ${data}::jsonb)`);
}
