import type { Pool, PoolClient } from 'pg';
import { ageingMs, type Limits, type Waiting } from '../../contracts/runs.ts';
import type { Admission, Granted, LimitState } from '../../domain/ports/admission.ts';
import type { RunRef } from '../../domain/ports/runs.ts';
import { type Connection, iso, json, sql } from './client.ts';
import { runChannel } from './run-changes.ts';
import { acquireSlot, grantAll, poolStates, releaseSlot, waitingSlots } from './slots.ts';

/** One decides at a time, whoever it is. */
const lock = 7_270_001;
/** Waiting runs looked at in one decision; the others come with the next. */
const mostWaiting = 1_000;

interface WaitingRun extends RunRef {
  readonly priority: number;
  readonly limits: Limits;
  readonly createdAt: Date;
}

interface Queue {
  /** First first. */
  readonly waiting: readonly WaitingRun[];
  /** Active runs by limit. */
  readonly active: Map<string, number>;
  /** Capacities set at run time. */
  readonly overrides: ReadonlyMap<string, number>;
}

/** Limits, pools and the queue before them, in PostgreSQL. */
export function admissionRepository({ pool }: Connection): Admission {
  return {
    async admit(runId) {
      if (await begin(pool, runId, true)) return { admitted: true, granted: none };
      return decide(pool, async (client) => {
        const launched = await client.query(sql`
          update runs set launched_at = now() where id = ${runId} and launched_at is null returning id`);
        const runs = await letIn(client);
        const admitted = await begin(client, runId, false);
        if (!admitted && launched.rowCount) await tellWaiting(client, runId);
        return { admitted, granted: { runs: runs.filter(({ id }) => id !== runId), slots: [] } };
      });
    },
    next: () =>
      decide(pool, async (client) => {
        if (!(await anyWaiting(client))) return none;
        return { runs: [...(await stranded(client)), ...(await letIn(client))], slots: await grantAll(client) };
      }),
    acquire: (claim) => decide(pool, (client) => acquireSlot(client, claim)),
    release: (step) => decide(pool, async (client) => ({ runs: [], slots: await releaseSlot(client, step) })),

    async waiting() {
      const queue = await readQueue(pool);
      const runs = queue.waiting.map(
        (run, index): Waiting => ({
          runId: run.id,
          step: null,
          priority: run.priority,
          since: iso(run.createdAt),
          place: index + 1,
          limits: blocking(run, queue),
        }),
      );
      return [...runs, ...(await waitingSlots(pool))];
    },

    async limits() {
      const queue = await readQueue(pool);
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
          active: slots?.active ?? queue.active.get(name) ?? 0,
          waiting: slots?.waiting ?? queue.waiting.filter((run) => name in run.limits).length,
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
    select exists (select from began) or status in ('running', 'paused') as began, pg_notify(${runChannel}, ${runId})::text
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
  const queue = await readQueue(client);
  const fitting = queue.waiting.filter((run) => {
    if (blocking(run, queue).length > 0) return false;
    for (const name of Object.keys(run.limits)) queue.active.set(name, (queue.active.get(name) ?? 0) + 1);
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

async function readQueue(db: Pool | PoolClient): Promise<Queue> {
  const { rows: waiting } = await db.query<WaitingRun>(sql`
    select id, execution, priority, limits, created_at as "createdAt" from runs
    where status = 'queued' and launched_at is not null and admitted_at is null
    order by priority - floor(extract(epoch from now() - created_at) * 1000 / ${ageingMs}), created_at, id
    limit ${mostWaiting}`);
  const { rows: active } = await db.query<{ name: string; count: number }>(sql`
    select name, count(*)::int from runs, jsonb_object_keys(limits) as name
    where status in ('queued', 'running', 'paused') and admitted_at is not null group by name`);
  const { rows: set } = await db.query<{ name: string; capacity: number }>(sql`select name, capacity from limits`);
  return {
    waiting,
    active: new Map(active.map(({ name, count }) => [name, count])),
    overrides: new Map(set.map(({ name, capacity }) => [name, capacity])),
  };
}

/** The limits that keep a run out, with how full they are. */
function blocking({ limits }: WaitingRun, { active, overrides }: Queue): Waiting['limits'] {
  return Object.entries(limits).flatMap(([name, code]) => {
    const capacity = overrides.get(name) ?? code;
    const count = active.get(name) ?? 0;
    return capacity !== null && count >= capacity ? [{ name, active: count, capacity }] : [];
  });
}

/** Tells who follows the run what it waits for. */
async function tellWaiting(client: PoolClient, runId: string): Promise<void> {
  const queue = await readQueue(client);
  const index = queue.waiting.findIndex(({ id }) => id === runId);
  const run = queue.waiting[index];
  if (!run) return;
  const data = json({ status: 'queued', waitsFor: blocking(run, queue), place: index + 1 });
  await client.query(sql`
    with event as (insert into run_events (run_id, type, data) values (${runId}, 'run', ${data}::jsonb))
    select pg_notify(${runChannel}, ${runId})`);
}
