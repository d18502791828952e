import type { ComparedAnswer, Comparison } from '../../contracts/rollouts.ts';
import type { RolloutRepository } from '../../domain/ports/rollouts.ts';
import { type Connection, iso, json, sql } from './client.ts';
import { transaction } from './transaction.ts';

interface ComparisonRow {
  readonly id: string;
  readonly rollout_id: string;
  readonly step: number;
  readonly at: Date;
  readonly request_id: string;
  readonly served: Comparison['served'];
  readonly base: ComparedAnswer;
  readonly candidate: ComparedAnswer;
}

/** Removed by one statement. */
const batch = 10_000;

/** What rollouts compare, in PostgreSQL. */
export function comparisonStore({
  pool,
}: Connection): Pick<
  RolloutRepository,
  'addComparisons' | 'addFirstComparisons' | 'comparisons' | 'hasUnread' | 'forgetComparisons'
> {
  return {
    async addComparisons(comparisons) {
      // Rollouts may have ended, and been removed, since the requests were answered.
      await pool.query(sql`
        insert into comparisons (rollout_id, step, at, request_id, served, base, candidate)
        select c."rolloutId", c.step, c.at, c."requestId", c.served, c.base, c.candidate
        from jsonb_to_recordset(${json(comparisons)}::jsonb) as c("rolloutId" text, step int, at timestamptz, "requestId" text,
          served text, base jsonb, candidate jsonb)
        join rollouts r on r.id = c."rolloutId" and r.finished_at is null`);
    },
    addFirstComparisons: (rolloutId, step, comparisons) =>
      transaction(pool, async (tx) => {
        const placed = comparisons.map((comparison, place) => ({ ...comparison, place }));
        // One writer a rollout: two that look at the same time would both find none.
        await tx.query(sql`select pg_advisory_xact_lock(hashtext(${`comparisons:${rolloutId}`}))`);
        const { rowCount } = await tx.query(sql`
          insert into comparisons (rollout_id, step, at, request_id, served, base, candidate)
          select r.id, ${step}::int, c.at, c."requestId", c.served, c.base, c.candidate
          from jsonb_to_recordset(${json(placed)}::jsonb) as c(at timestamptz, "requestId" text, served text,
            base jsonb, candidate jsonb, place int)
          join rollouts r on r.id = ${rolloutId} and r.finished_at is null and r.step = ${step}
          where not exists (select 1 from comparisons k where k.rollout_id = r.id and k.step = ${step} and k.request_id = c."requestId")
          order by c.place`);
        return rowCount ?? 0;
      }),
    async forgetComparisons(endedBefore) {
      for (let removed = batch; removed === batch; ) {
        const { rowCount } = await pool.query(sql`
          delete from comparisons where id in (
            select c.id from comparisons c join rollouts r on r.id = c.rollout_id
            where r.finished_at < ${endedBefore} limit ${batch})`);
        removed = rowCount ?? 0;
      }
    },
    async hasUnread(id, cursor) {
      const { rows } = await pool.query<{ unread: boolean }>(sql`
        select exists (select 1 from comparisons where rollout_id = ${id} and id > ${cursor}::bigint) as unread`);
      return rows[0]?.unread ?? false;
    },
    async comparisons(id, step, cursor, limit) {
      // Behind one that may still become visible nothing is read, or it would be passed for good. No writing takes 10 s.
      const { rows } = await pool.query<ComparisonRow>(sql`
        select id, rollout_id, step, at, request_id, served, base, candidate from comparisons
        where rollout_id = ${id} and id > ${cursor}::bigint and (tx < pg_snapshot_xmin(pg_current_snapshot()) or at < now() - interval '10 seconds')
        order by id limit ${limit}`);
      return {
        // Labels that come late are evidence of the step in which they come.
        comparisons: rows.filter((row) => row.step === step || row.base.ms === null).map(toComparison),
        cursor: rows.at(-1)?.id ?? cursor,
      };
    },
  };
}

function toComparison({ rollout_id, at, request_id, step, served, base, candidate }: ComparisonRow): Comparison {
  return { rolloutId: rollout_id, step, at: iso(at), requestId: request_id, served, base, candidate };
}
