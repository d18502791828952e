import type { MetricSeriesRepository } from '../../domain/ports/metric-series.ts';
import { type Connection, json, sql } from './client.ts';
import { likePattern } from './like.ts';
import { type PointRow, toPoint } from './metric-point-rows.ts';
import { publishEvents } from './publish-events.ts';
import { timePartitions } from './time-partitions.ts';
import { transaction } from './transaction.ts';

/** Figures over time, in a table that PostgreSQL partitions by month, so that old ones go at once and without a trace. */
export function metricSeries({ pool }: Connection): MetricSeriesRepository {
  const partitions = timePartitions(pool, { table: 'metric_points', unit: 'month' });

  return {
    async save(points, events = []) {
      if (points.length === 0 && events.length === 0) return;
      await partitions.make(points.map(({ at }) => new Date(at)));
      // One statement may not write a row twice.
      const last = new Map(points.map((p) => [json([p.pipeline, p.name, p.subject, p.market, p.at]), p]));
      await transaction(pool, async (tx) => {
        await tx.query(sql`
          insert into metric_points (pipeline, name, subject, market, at, value, threshold, alarm, severity, text, model,
            model_version, run_id)
          select pipeline, name, subject, market, at, value, threshold, alarm is not null, alarm, text, model, "modelVersion",
            "runId"
          from jsonb_to_recordset(${json([...last.values()])}::jsonb) as p(
            pipeline text, name text, subject text, market text, at timestamptz, value float8, threshold float8, alarm text,
            text text, model text, "modelVersion" int, "runId" text)
          on conflict (pipeline, name, subject, market, at) do update set
            value = excluded.value, threshold = excluded.threshold, alarm = excluded.alarm, severity = excluded.severity,
            text = excluded.text, model = excluded.model, model_version = excluded.model_version, run_id = excluded.run_id`);
        await publishEvents(tx, events);
      });
    },
    async list({ pipeline, market, name, subject, model, modelVersion, alarm, from, to, limit }) {
      const pattern = name === undefined ? null : likePattern(name);
      const { rows } = await pool.query<PointRow>(sql`
        select * from metric_points
        where pipeline = ${pipeline}
          and (${market ?? null}::text is null or market = ${market ?? null})
          and (${pattern}::text is null or name like ${pattern})
          and (${subject ?? null}::text is null or subject = ${subject ?? null})
          and (${model ?? null}::text is null or model = ${model ?? null})
          and (${modelVersion ?? null}::int is null or model_version = ${modelVersion ?? null})
          and (${alarm ?? null}::text is null or (alarm and ${alarm ?? null} in ('any', severity)))
          and at >= coalesce(${from ?? null}::timestamptz, '-infinity') and at < coalesce(${to ?? null}::timestamptz, 'infinity')
        order by at desc, name, subject, market limit ${limit}`);
      return rows.map(toPoint);
    },
    turnOver: partitions.turnOver,
  };
}
