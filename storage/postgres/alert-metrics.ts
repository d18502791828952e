import { familyOf } from '../../contracts/metrics.ts';
import { type AlertFacts, type MetricSeries, seriesDays } from '../../domain/ports/alert-facts.ts';
import { type Connection, sql } from './client.ts';
import { likePattern } from './like.ts';
import { type PointRow, toPoint } from './metric-point-rows.ts';

interface Row {
  readonly pipeline: string;
  readonly market: string;
  readonly at: string;
  readonly value: number;
  readonly run_id: string;
}

/** Runs that ended longer ago say nothing about now. */
const runDays = 90;

export function alertMetrics({ pool }: Connection): Pick<AlertFacts, 'kpis' | 'runMetrics' | 'seriesAlarms'> {
  return {
    async kpis(metric, windows) {
      const { rows } = await pool.query<Row>(sql`
        select pipeline, market, date::text as at, value, run_id from (
          select *, row_number() over (partition by pipeline, market order by date desc) as n from kpis where name = ${metric}
        ) numbered where n <= ${windows} order by pipeline, market, n`);
      return seriesOf(rows);
    },
    async runMetrics(metric, windows) {
      const dot = metric.indexOf('.');
      const [step, name] = [metric.slice(0, dot), metric.slice(dot + 1)];
      const { rows } = await pool.query<Row>(sql`
        select pipeline, market, at, value, run_id from (
          select r.pipeline, coalesce(substr(r.partition, 12), r.params->>'market', '') as market,
            to_char(r.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
            (s.metrics->>${name}::text)::double precision as value, r.id as run_id,
            row_number() over (partition by r.pipeline, coalesce(substr(r.partition, 12), r.params->>'market', '')
              order by r.finished_at desc) as n
          from runs r join step_runs s on s.run_id = r.id and s.step_id = ${step} and s.map_key = ''
          where r.status = 'succeeded' and r.finished_at > now() - ${runDays} * interval '1 day'
            and jsonb_typeof(s.metrics->${name}::text) = 'number'
        ) numbered where n <= ${windows} order by pipeline, market, n`);
      return seriesOf(rows);
    },
    async seriesAlarms(name) {
      // Pipelines are few and points are many: each pipeline's newest point is one step in the index.
      const { rows } = await pool.query<PointRow>(sql`
        with recursive pipelines as (
          (select pipeline from metric_points order by pipeline limit 1)
          union all
          select (select m.pipeline from metric_points m where m.pipeline > p.pipeline order by m.pipeline limit 1)
          from pipelines p where p.pipeline is not null
        ), recent as (
          select m.*, split_part(m.name, '.', 1) as family
          from pipelines p
          cross join lateral (select max(at) as at from metric_points where pipeline = p.pipeline) newest
          join metric_points m on m.pipeline = p.pipeline and m.at > newest.at - ${seriesDays} * interval '1 day'
          where split_part(m.name, '.', 1) = ${familyOf(name)} or position('*' in ${familyOf(name)}) > 0
        ), newest as (
          select pipeline, market, family, max(at) as at from recent group by pipeline, market, family
        )
        select r.* from recent r join newest n using (pipeline, market, family, at)
        where r.alarm and r.name like ${likePattern(name)}
        order by r.pipeline, r.market, r.name, r.subject`);
      return rows.map(toPoint);
    },
  };
}

function seriesOf(rows: readonly Row[]): MetricSeries[] {
  const found = new Map<string, { pipeline: string; market: string; values: MetricSeries['values'][number][] }>();
  for (const { pipeline, market, at, value, run_id: runId } of rows) {
    const key = JSON.stringify([pipeline, market]);
    const series = found.get(key) ?? { pipeline, market, values: [] };
    series.values.push({ at, value, runId });
    found.set(key, series);
  }
  return [...found.values()];
}
