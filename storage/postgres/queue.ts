import type { Pool, PoolClient } from 'pg';
import { ageingMs, type Limits, type Waiting } from '../../contracts/runs.ts';
import type { RunRef } from '../../domain/ports/runs.ts';
import { iso, sql } from './client.ts';

/** Of runs with the same limits so many are looked at in one decision; the others come with the next. */
const mostOfALimit = 100;
/** Entries of the queue that are shown. */
const mostShown = 1_000;

export interface WaitingRun extends RunRef {
  readonly priority: number;
  readonly limits: Limits;
  readonly since: Date;
}

/** How full the limits are. */
export interface Fill {
  /** Active runs by limit. */
  readonly active: Map<string, number>;
  /** Capacities set at run time. */
  readonly overrides: ReadonlyMap<string, number>;
}

/*
 * A run waits since it was made, and one that was retried since it was handed over again: it would outrank all that came in
 * the meantime, had it aged all along.
 */

/** Runs that may be let in next, first first; of those with the same limits the first ones, so that none hides another. */
export async function candidates(db: PoolClient): Promise<WaitingRun[]> {
  const { rows } = await db.query<WaitingRun>(sql`
    select id, execution, priority, limits, since from (
      select aged.*, row_number() over (partition by limits order by rank, since, id) as nth from (
        select id, execution, priority, limits, since,
          priority - floor(extract(epoch from now() - since) * 1000 / ${ageingMs}) as rank
        from (
          select id, execution, priority, limits, case when execution = 1 then created_at else launched_at end as since
          from runs where status = 'queued' and launched_at is not null and admitted_at is null
        ) waiting
      ) aged
    ) numbered where nth <= ${mostOfALimit} order by rank, since, id`);
  return rows;
}

export async function readFill(db: Pool | PoolClient): Promise<Fill> {
  const { rows: active } = await db.query<{ name: string; count: number }>(sql`
    select name, count(*)::int from runs, jsonb_object_keys(limits) as name
    where status in ('queued', 'running', 'paused') and admitted_at is not null group by name`);
  const { rows: set } = await db.query<{ name: string; capacity: number }>(sql`select name, capacity from limits`);
  return {
    active: new Map(active.map(({ name, count }) => [name, count])),
    overrides: new Map(set.map(({ name, capacity }) => [name, capacity])),
  };
}

/** The limits that keep a run out, with how full they are. */
export function blocking({ limits }: Pick<WaitingRun, 'limits'>, { active, overrides }: Fill): Waiting['limits'] {
  return Object.entries(limits).flatMap(([name, code]) => {
    const capacity = overrides.get(name) ?? code;
    const count = active.get(name) ?? 0;
    return capacity !== null && count >= capacity ? [{ name, active: count, capacity }] : [];
  });
}

/** The queue of runs, first first; with an id that run's entry only. */
export async function waitingRuns(db: Pool | PoolClient, runId?: string): Promise<Waiting[]> {
  interface Row extends WaitingRun {
    readonly full: readonly string[];
    readonly place: number;
  }
  // Before a run stand those that wait for one of the limits it waits for.
  const { rows } = await db.query<Row>(sql`
    with active as (
      select name, count(*) as count from runs, jsonb_object_keys(limits) as name
      where status in ('queued', 'running', 'paused') and admitted_at is not null group by name
    ), waiting as (
      select id, execution, priority, limits, since,
        priority - floor(extract(epoch from now() - since) * 1000 / ${ageingMs}) as rank,
        array(select l.name from jsonb_each_text(limits) as l(name, capacity)
          left join limits s on s.name = l.name left join active a on a.name = l.name
          where coalesce(a.count, 0) >= coalesce(s.capacity, l.capacity::int)) as full
      from (
        select id, execution, priority, limits, case when execution = 1 then created_at else launched_at end as since
        from runs where status = 'queued' and launched_at is not null and admitted_at is null
      ) queued
    ), shown as (
      select * from waiting where ${runId ?? null}::text is null or id = ${runId ?? null} order by rank, since, id limit ${mostShown}
    )
    select id, execution, priority, limits, since, 1 + (select count(*) from waiting w
      where (w.rank, w.since, w.id) < (s.rank, s.since, s.id) and (w.full && s.full or s.full = '{}'))::int as place
    from shown s order by rank, since, id`);
  const fill = await readFill(db);
  return rows.map((run) => ({
    runId: run.id,
    step: null,
    priority: run.priority,
    since: iso(run.since),
    place: run.place,
    limits: blocking(run, fill),
  }));
}
