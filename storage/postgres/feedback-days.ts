import type { FeedbackDay } from '../../contracts/feedback.ts';
import type { FeedbackRepository } from '../../domain/ports/feedback.ts';
import { type Connection, sql } from './client.ts';

/** Quality of versions by the day of their answers. */
export function feedbackDays({ pool }: Connection): Pick<FeedbackRepository, 'days' | 'joinedDays'> {
  return {
    async days({ from, to, model, modelVersion }) {
      // Answers may be forgotten before their corrections are: there were at least as many as were corrected.
      const { rows } = await pool.query<FeedbackDay>(sql`
        with logged as (
          select (at at time zone 'UTC')::date as day, source_language || '-' || target_language as pair, model, model_version,
            count(*)::int as answers
          from translation_predictions
          where served and model is not null and at >= ${from}::date::timestamp at time zone 'UTC'
            and at < ${to}::date::timestamp at time zone 'UTC'
            and (${model ?? null}::text is null or model = ${model ?? null})
            and (${modelVersion ?? null}::int is null or model_version = ${modelVersion ?? null})
          group by 1, 2, 3, 4
        ), told as (
          select (predicted_at at time zone 'UTC')::date as day, source_language || '-' || target_language as pair, model,
            model_version, count(distinct (request_id, place))::int as corrected, avg(chrf) as chrf,
            avg(edit_rate) as "editRate", avg(untouched::int)::float8 as untouched
          from feedback
          where joined_at is not null and model is not null and predicted_at >= ${from}::date::timestamp at time zone 'UTC'
            and predicted_at < ${to}::date::timestamp at time zone 'UTC'
            and (${model ?? null}::text is null or model = ${model ?? null})
            and (${modelVersion ?? null}::int is null or model_version = ${modelVersion ?? null})
          group by 1, 2, 3, 4
        )
        select to_char(day, 'YYYY-MM-DD') as day, pair, model, model_version as "modelVersion",
          greatest(coalesce(answers, 0), coalesce(corrected, 0)) as answers, coalesce(corrected, 0) as corrected, chrf, "editRate",
          untouched
        from logged full join told using (day, pair, model, model_version)
        order by day desc, pair, model, model_version desc`);
      return rows;
    },

    async joinedDays(since) {
      const { rows } = await pool.query<{ day: string }>(sql`
        select distinct to_char(predicted_at at time zone 'UTC', 'YYYY-MM-DD') as day from feedback
        where joined_at >= ${since} order by day`);
      return rows.map(({ day }) => day);
    },
  };
}
