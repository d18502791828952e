import type { DecisionVerdict, TrainingOutcome } from '../../contracts/decisions.ts';
import type { StoredTraining, TrainingHistory } from '../../domain/ports/retraining.ts';
import { type Connection, iso, sql } from './client.ts';

interface Row {
  readonly run_id: string;
  readonly at: Date;
  readonly ended_at: Date | null;
  readonly outcome: TrainingOutcome | null;
  readonly promoted_at: Date | null;
  readonly in_rollout: boolean;
  readonly wanted: readonly string[] | null;
  readonly data_end: string | null;
  readonly rows: number | null;
}

const hourMs = 3_600_000;

/** Trainings of models: runs that made a version, and those that decisions started. */
export function trainingHistory({ pool }: Connection): TrainingHistory {
  return {
    async trainings(model, { limit }) {
      const { rows } = await pool.query<Row>(sql`
        with one as (
          select run_id from model_versions where model = ${model}
          union select training_run_id from decisions where model = ${model} and training_run_id is not null
        )
        select one.run_id, coalesce(r.started_at, r.created_at, v.created_at) as at,
          coalesce(v.created_at, r.finished_at) as ended_at, least(p.promoted_at, x.taken_at) as promoted_at,
          coalesce(x.goes_on, false) as in_rollout,
          case when r.status = 'cancelled' then '[]'::jsonb else d.inputs->'wanted' end as wanted,
          case when p.promoted_at is not null or x.taken_at is not null then 'promoted'
            when x.goes_on then 'challenger'
            when not x.goes_on then 'rejected'
            when v.version is not null and coalesce(o.verdict, d.verdict) = 'challenger' then 'challenger'
            when v.version is not null then 'rejected'
            when r.finished_at is not null then 'failed' end as outcome,
          case when v.version is not null then
            coalesce(nullif(v.lineage->>'asOf', ''), to_char(v.created_at at time zone 'UTC', 'YYYY-MM-DD')) end as data_end,
          case when jsonb_typeof(v.lineage->'rows') = 'number' then (v.lineage->>'rows')::float8 end as rows
        from one
        left join runs r on r.id = one.run_id
        left join lateral (
          select version, created_at, lineage from model_versions m
          where m.model = ${model} and m.run_id = one.run_id order by version desc limit 1
        ) v on true
        left join lateral (
          select min(at) as promoted_at from model_alias_changes c
          where c.model = ${model} and c.alias = 'champion' and c.version = v.version
        ) p on true
        left join lateral (
          select bool_or(ro.finished_at is null) as goes_on,
            min(ro.finished_at) filter (where ro.status = 'completed') as taken_at
          from rollouts ro where ro.model = ${model} and ro.version = v.version
        ) x on true
        left join decisions d on d.training_run_id = one.run_id
        left join lateral (
          select verdict from decision_overrides x
          where x.decision_id = d.id and x.status = 'approved' order by decided_at desc limit 1
        ) o on true
        where coalesce(r.started_at, r.created_at, v.created_at) is not null
        order by at desc limit ${limit}`);
      return rows.map(toTraining);
    },
    async verdicts(policy, model, from, to) {
      const { rows } = await pool.query<{ day_text: string; verdict: DecisionVerdict }>(sql`
        select distinct on (day) day_text, verdict from decisions_shown
        where policy->>'name' = ${policy} and model = ${model} and day >= ${from}::date and day < ${to}::date
        order by day, (occasion->>'kind' = 'daily') desc, at desc`);
      return new Map(rows.map(({ day_text, verdict }) => [day_text, verdict]));
    },
  };
}

function toTraining(row: Row): StoredTraining {
  const { at, ended_at: ended } = row;
  return {
    runId: row.run_id,
    at: iso(at),
    endedAt: iso(ended),
    hours: ended === null ? null : Math.max(0, ended.getTime() - at.getTime()) / hourMs,
    outcome: row.outcome,
    promotedAt: iso(row.promoted_at),
    inRollout: row.in_rollout,
    rules: row.wanted ?? [],
    dataEnd: row.data_end,
    rows: row.rows,
  };
}
