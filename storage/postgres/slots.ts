import type { Pool, PoolClient } from 'pg';
import type { Slot, SlotClaim } from '../../contracts/activities.ts';
import { ageingMs, type Waiting } from '../../contracts/runs.ts';
import type { Granted } from '../../domain/ports/admission.ts';
import { iso, sql } from './client.ts';

type Slots = Granted['slots'];

interface SlotRow {
  readonly runId: string;
  readonly stepId: string;
  readonly mapKey: string;
  readonly execution: number;
}

/** What a pool is called among the limits. */
export const poolLimit = (pool: string): string => `pool:${pool}`;

/** Asks for a slot; the caller holds the lock of decisions. */
export async function acquireSlot(
  client: PoolClient,
  { runId, stepId, mapKey, pool, capacity, priority }: SlotClaim,
): Promise<{ acquired: boolean; granted: Granted }> {
  await client.query(sql`
    insert into slots (run_id, step_id, map_key, pool, capacity, priority)
    values (${runId}, ${stepId}, ${mapKey}, ${pool}, ${capacity}, ${priority})
    on conflict (run_id, step_id, map_key) do update set capacity = excluded.capacity, priority = excluded.priority`);
  const slots = await grant(client, pool);
  const { rows } = await client.query<{ acquired: boolean }>(sql`
    select granted_at is not null as acquired from slots where run_id = ${runId} and step_id = ${stepId} and map_key = ${mapKey}`);
  const others = slots.filter((s) => s.run.id !== runId || s.stepId !== stepId || s.mapKey !== mapKey);
  return { acquired: rows[0]?.acquired ?? false, granted: { runs: [], slots: others } };
}

/** Gives a slot back; the caller holds the lock of decisions. @returns who has one now. */
export async function releaseSlot(client: PoolClient, { runId, stepId, mapKey, execution }: Slot): Promise<Slots> {
  const { rows } = await client.query<{ pool: string }>(sql`
    delete from slots s using runs r where r.id = s.run_id and r.execution = coalesce(${execution ?? null}::int, r.execution)
      and s.run_id = ${runId} and s.step_id = ${stepId} and s.map_key = ${mapKey} returning pool`);
  return rows[0] ? grant(client, rows[0].pool) : [];
}

/** Takes back the slots of runs that have ended otherwise, and grants all that is free. */
export async function grantAll(client: PoolClient): Promise<Slots> {
  await client.query(sql`
    delete from slots s using runs r where r.id = s.run_id and r.status in ('succeeded', 'failed', 'cancelled')`);
  const { rows } = await client.query<{ pool: string }>(sql`select distinct pool from slots where granted_at is null`);
  const granted: Slots[number][] = [];
  for (const { pool } of rows) granted.push(...(await grant(client, pool)));
  return granted;
}

async function grant(client: PoolClient, pool: string): Promise<Slots> {
  // The capacity that the newest code states, unless one was set at run time.
  const { rows } = await client.query<SlotRow>(sql`
    with pool as (
      select coalesce((select capacity from limits where name = ${poolLimit(pool)}),
        (select capacity from slots where pool = ${pool} order by requested_at desc limit 1))
        - (select count(*) from slots where pool = ${pool} and granted_at is not null) as free
    ), first as (
      select run_id, step_id, map_key from slots where pool = ${pool} and granted_at is null
      order by priority - floor(extract(epoch from now() - requested_at) * 1000 / ${ageingMs}), requested_at, run_id, step_id, map_key
      limit (select greatest(free, 0) from pool)
    )
    update slots s set granted_at = now() from first f, runs r
    where s.run_id = f.run_id and s.step_id = f.step_id and s.map_key = f.map_key and r.id = s.run_id
    returning s.run_id as "runId", s.step_id as "stepId", s.map_key as "mapKey", r.execution`);
  return rows.map(({ runId, stepId, mapKey, execution }) => ({ run: { id: runId, execution }, stepId, mapKey }));
}

/** Steps that wait for a slot, of all runs or of one, each with its place in its pool. */
export async function waitingSlots(db: Pool, runId?: string): Promise<Waiting[]> {
  interface Row extends Omit<SlotRow, 'execution'> {
    readonly pool: string;
    readonly priority: number;
    readonly requestedAt: Date;
    readonly place: number;
  }
  const { rows } = await db.query<Row>(sql`
    select * from (
      select run_id as "runId", step_id as "stepId", map_key as "mapKey", pool, priority, requested_at as "requestedAt",
        row_number() over (partition by pool order by
          priority - floor(extract(epoch from now() - requested_at) * 1000 / ${ageingMs}), requested_at, run_id, step_id, map_key)::int as place
      from slots where granted_at is null) waiting
    where ${runId ?? null}::text is null or "runId" = ${runId ?? null} order by pool, place limit 1000`);
  const pools = await poolStates(db);
  return rows.map(({ runId, stepId, mapKey, pool, priority, requestedAt, place }) => {
    const { active = 0, capacity = 0 } = pools.get(poolLimit(pool)) ?? {};
    const limits = [{ name: poolLimit(pool), active, capacity }];
    return { runId, step: { stepId, mapKey }, priority, since: iso(requestedAt), place, limits };
  });
}

/** Pools in use, by the name of their limit. */
export async function poolStates(
  db: Pool,
): Promise<Map<string, { capacity: number; active: number; waiting: number }>> {
  const { rows } = await db.query<{ pool: string; capacity: number; active: number; waiting: number }>(sql`
    select pool, coalesce((select capacity from limits where name = 'pool:' || pool),
        (array_agg(capacity order by requested_at desc))[1]) as capacity,
      count(granted_at)::int as active, (count(*) - count(granted_at))::int as waiting
    from slots group by pool`);
  return new Map(rows.map(({ pool, ...state }) => [poolLimit(pool), state]));
}
