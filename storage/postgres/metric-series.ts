import type { MetricPoint } from '../../contracts/metrics.ts';
import type { MetricSeriesRepository } from '../../domain/ports/metric-series.ts';
import { type Connection, iso, json, sql } from './client.ts';
import { timePartitions } from './time-partitions.ts';

interface Row extends Omit<MetricPoint, 'at' | 'modelVersion' | 'runId'> {
  readonly at: Date;
  readonly model_version: number | null;
  readonly run_id: string | null;
}

/** Figures over time, in a table that PostgreSQL partitions by month, so that old ones go at once and without a trace. */
export function metricSeries({ pool }: Connection): MetricSeriesRepository {
  const partitions = timePartitions(pool, { table: 'metric_points', unit: 'month' });

  return {
    async save(points) {
      if (points.length === 0) return;
      await partitions.make(points.map(({ at }) => new Date(at)));
      // One statement may not write a row twice.
      const last = new Map(points.map((p) => [json([p.pipeline, p.name, p.subject, p.market, p.at]), p]));
      await pool.query(sql`
        insert into metric_points (pipeline, name, subject, market, at, value, threshold, alarm, model, model_version, run_id)
        select pipeline, name, subject, market, at, value, threshold, alarm, model, "modelVersion", "runId"
        from jsonb_to_recordset(${json([...last.values()])}::jsonb) as p(
          pipeline text, name text, subject text, market text, at timestamptz, value float8, threshold float8, alarm boolean,
          model text, "modelVersion" int, "runId" text)
        on conflict (pipeline, name, subject, market, at) do update set
          value = excluded.value, threshold = excluded.threshold, alarm = excluded.alarm, model = excluded.model,
          model_version = excluded.model_version, run_id = excluded.run_id`);
    },
    async list({ pipeline, market, name, subject, model, modelVersion, alarm, from, to, limit }) {
      const { rows } = await pool.query<Row>(sql`
        select * from metric_points
        where pipeline = ${pipeline}
          and (${market ?? null}::text is null or market = ${market ?? null})
          and (${name ?? null}::text is null or name = ${name ?? null})
          and (${subject ?? null}::text is null or subject = ${subject ?? null})
          and (${model ?? null}::text is null or model = ${model ?? null})
          and (${modelVersion ?? null}::int is null or model_version = ${modelVersion ?? null})
          and (${alarm ?? null}::boolean is null or alarm = ${alarm ?? null})
          and at >= coalesce(${from ?? null}::timestamptz, '-infinity') and at < coalesce(${to ?? null}::timestamptz, 'infinity')
        order by at desc, name, subject, market limit ${limit}`);
      return rows.map(({ model_version, run_id, ...row }) => ({
        ...row,
        at: iso(row.at),
        modelVersion: model_version,
        runId: run_id,
      }));
    },
    turnOver: partitions.turnOver,
  };
}
