import type { MetricSeriesRepository } from '../../domain/ports/metric-series.ts';
import { type Connection, json, sql } from './client.ts';
import { likePattern } from './like.ts';
import { type PointRow, toPoint } from './metric-point-rows.ts';
import { publishEvents } from './publish-events.ts';
import { transaction } from './transaction.ts';

/** A partition is a month, in UTC. */
const table = 'metric_points';
const partition = (month: string): string => `${table}_${month.replace('-', '_')}`;
const monthOf = (date: Date): string => date.toISOString().slice(0, 7);
const startOf = (month: string): Date => new Date(`${month}-01T00:00:00Z`);
const after = (month: string): string => {
  const next = startOf(month);
  next.setUTCMonth(next.getUTCMonth() + 1);
  return monthOf(next);
};

/** Figures over time, in a table that PostgreSQL partitions by month, so that old ones go at once and without a trace. */
export function metricSeries({ pool }: Connection): MetricSeriesRepository {
  const months = async (): Promise<Set<string>> => {
    const { rows } = await pool.query<{ name: string }>(sql`
      select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = ${table}::regclass`);
    return new Set(rows.map(({ name }) => name.slice(table.length + 1).replace('_', '-')));
  };
  // Names and bounds cannot be parameters of such a statement; a month holds digits only.
  const alter = (statement: string): Promise<void> =>
    transaction(pool, async (tx) => {
      // Whoever waits for this lock makes others wait: better to give up and come again.
      await tx.query("set local lock_timeout = '5s'");
      await tx.query('select pg_advisory_xact_lock(hashtext($1))', [table]);
      await tx.query(statement);
    });
  const make = (month: string) =>
    alter(
      `create table if not exists ${partition(month)} partition of ${table}
       for values from ('${startOf(month).toISOString()}') to ('${startOf(after(month)).toISOString()}')`,
    );
  const makeAll = async (wanted: Iterable<string>): Promise<string[]> => {
    const there = await months();
    const missing = [...new Set(wanted)].filter((month) => !there.has(month));
    for (const month of missing) await make(month);
    return missing;
  };

  return {
    async save(points, events = []) {
      if (points.length === 0 && events.length === 0) return;
      await makeAll(points.map(({ at }) => monthOf(new Date(at))));
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
    async turnOver(now, keepMs) {
      const month = monthOf(now);
      const made = await makeAll([month, after(month)]);
      const old = [...(await months())].filter((one) => startOf(after(one)).getTime() <= now.getTime() - keepMs).sort();
      for (const one of old) await alter(`drop table if exists ${partition(one)}`);
      return { made, dropped: old };
    },
  };
}
