import type { Json } from '../../contracts/json.ts';
import type { StepCache } from '../../domain/ports/step-cache.ts';
import { type Connection, iso, json, sql } from './client.ts';

export function stepCache({ pool }: Connection): StepCache {
  return {
    async get(key, maxAgeMs) {
      interface Row {
        readonly output: Json;
        readonly runId: string;
        readonly stepId: string;
        readonly mapKey: string;
      }
      const { rows } = await pool.query<Row>(sql`
        update step_cache set used_at = now()
        where key = ${key} and (${maxAgeMs ?? null}::float8 is null or created_at > now() - ${maxAgeMs ?? null}::float8 * interval '1 millisecond')
        returning output, run_id as "runId", step_id as "stepId", map_key as "mapKey"`);
      const row = rows[0];
      return row ? { output: row.output, from: { runId: row.runId, stepId: row.stepId, mapKey: row.mapKey } } : null;
    },
    async put(key, { pipeline, output, from, bytes }) {
      await pool.query(sql`
        insert into step_cache (key, pipeline, run_id, step_id, map_key, output, size)
        values (${key}, ${pipeline}, ${from.runId}, ${from.stepId}, ${from.mapKey}, ${json(output)}::jsonb, ${bytes})
        on conflict (key) do update set run_id = excluded.run_id, map_key = excluded.map_key, output = excluded.output, size = excluded.size,
          created_at = now(), used_at = now()`);
    },
    async remove(key) {
      await pool.query(sql`delete from step_cache where key = ${key}`);
    },
    async evict(unusedSince, bytes) {
      const { rowCount } = await pool.query(sql`
        delete from step_cache where used_at < ${unusedSince}::timestamptz or key in (
          select key from (select key, sum(size) over (order by used_at desc, key) as total from step_cache) kept
          where total > ${bytes})`);
      return rowCount ?? 0;
    },
    async clear(pipeline, stepId) {
      const { rowCount } = await pool.query(sql`
        delete from step_cache where pipeline = ${pipeline} and (${stepId ?? null}::text is null or step_id = ${stepId ?? null})`);
      return rowCount ?? 0;
    },
    async use() {
      interface Row {
        readonly pipeline: string;
        readonly stepId: string;
        readonly entries: number;
        readonly bytes: string;
        readonly usedAt: Date;
      }
      const { rows } = await pool.query<Row>(sql`
        select pipeline, step_id as "stepId", count(*)::int as entries, sum(size)::bigint as bytes, max(used_at) as "usedAt"
        from step_cache group by pipeline, step_id order by pipeline, step_id`);
      return rows.map((row) => ({ ...row, bytes: Number(row.bytes), usedAt: iso(row.usedAt) }));
    },
  };
}
