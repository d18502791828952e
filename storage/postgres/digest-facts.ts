import type { DigestFacts } from '../../domain/ports/digest-facts.ts';
import { type Connection, iso, sql } from './client.ts';

export function digestFacts({ pool }: Connection): DigestFacts {
  return {
    async endedRuns(from) {
      const { rows } = await pool.query<{ pipeline: string; succeeded: number; failed: number }>(sql`
        select pipeline, count(*) filter (where status = 'succeeded')::int as succeeded,
          count(*) filter (where status = 'failed')::int as failed
        from runs where finished_at > ${from} and status in ('succeeded', 'failed') group by pipeline`);
      return new Map(rows.map(({ pipeline, ...counts }) => [pipeline, counts]));
    },
    async endsOf(runIds) {
      const { rows } = await pool.query<{ id: string; finished_at: Date }>(sql`
        select id, finished_at from runs where id = any(${runIds}::text[]) and finished_at is not null`);
      return new Map(rows.map(({ id, finished_at }) => [id, iso(finished_at)]));
    },
  };
}
