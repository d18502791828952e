import type { FeedbackRepository } from '../../domain/ports/feedback.ts';
import { type Connection, json, sql } from './client.ts';
import { feedbackDays } from './feedback-days.ts';
import { feedbackLabels } from './feedback-labels.ts';
import { type FeedbackRow, scopeOf, toFeedback } from './feedback-rows.ts';
import { type PredictionRow, toPrediction } from './prediction-log.ts';

/** A row as JSON has it. */
type Told<Row extends { at: Date }> = Omit<Row, 'at'> & { readonly at: string };

/** Corrections of translations, joined to the answers that they correct. */
export function feedbackRepository(connection: Connection): FeedbackRepository {
  const { pool } = connection;
  return {
    ...feedbackLabels(connection),
    ...feedbackDays(connection),

    async receive(feedback) {
      // One statement may not write a row twice.
      const last = [...new Map(feedback.map((one) => [one.id, one])).values()];
      await pool.query(sql`
        insert into feedback (id, request_id, place, source_language, target_language, source, correction, memory, detail, by, at)
        select id, "requestId", index, "sourceLanguage", "targetLanguage", source, correction, memory, detail, by, at
        from jsonb_to_recordset(${json(last)}::jsonb) as f(id text, "requestId" text, index int, "sourceLanguage" text,
          "targetLanguage" text, source text, correction text, memory text, detail jsonb, by text, at timestamptz)
        on conflict (id) do update set correction = excluded.correction, detail = excluded.detail, by = excluded.by, at = excluded.at,
          memory = coalesce(excluded.memory, feedback.memory), entry = null, fault = null, joined_at = null
        where feedback.correction <> excluded.correction or feedback.fault is not null`);
    },

    async get(ids) {
      const { rows } = await pool.query<FeedbackRow>(sql`select * from feedback where id = any(${ids})`);
      return rows.map(toFeedback);
    },

    async joinable(scope) {
      const { ids, since, oldest, limit } = scopeOf(scope);
      const { rows } = await pool.query<{ feedback: FeedbackRow; prediction: Told<PredictionRow> }>(sql`
        select to_jsonb(f) as feedback, to_jsonb(p) as prediction from feedback f cross join lateral (
          select * from translation_predictions p
          where p.served and p.request_id = f.request_id and p.place = f.place and p.at >= ${oldest} order by p.at desc limit 1) p
        where f.joined_at is null and f.request_id is not null and f.at >= ${since}
          and (${ids}::text[] is null or f.id = any(${ids}))
        union all
        select to_jsonb(f), to_jsonb(p) from feedback f cross join lateral (
          select * from translation_predictions p
          where p.served and p.source_hash = sha256(convert_to(f.source, 'UTF8')) and p.source_language = f.source_language
            and p.target_language = f.target_language and p.at <= f.at and p.at >= ${oldest}
          order by p.at desc limit 1) p
        where f.joined_at is null and f.request_id is null and f.at >= ${since}
          and (${ids}::text[] is null or f.id = any(${ids}))
        limit ${limit}`);
      return rows.map(({ feedback, prediction }) => ({
        feedback: toFeedback(feedback),
        prediction: toPrediction({ ...prediction, at: new Date(prediction.at) }),
      }));
    },

    async saveJoined(joined, now) {
      const rows = joined.map(({ feedback, prediction, quality }) => ({
        ...{ ...prediction, ...quality, id: feedback.id, correction: feedback.correction },
      }));
      // What was corrected anew meanwhile is joined anew.
      await pool.query(sql`
        update feedback f set joined_at = ${now}, predicted_at = p.at, request_id = p."requestId", place = p.index,
          source = p.source, source_language = p."sourceLanguage", target_language = p."targetLanguage", model = p.model,
          model_version = p."modelVersion", origin = p.origin, answer = p.answer, chrf = p.chrf, edit_rate = p."editRate",
          untouched = p.untouched, rollout_id = p."rolloutId", side = p.side
        from jsonb_to_recordset(${json(rows)}::jsonb) as p(id text, correction text, at timestamptz, "requestId" text, index int,
          source text, "sourceLanguage" text, "targetLanguage" text, model text, "modelVersion" int, origin text, answer text,
          chrf float8, "editRate" float8, untouched boolean, "rolloutId" text, side text)
        where f.id = p.id and f.correction = p.correction and f.joined_at is null`);
    },

    async enterable(scope) {
      const { ids, since, limit } = scopeOf(scope);
      const { rows } = await pool.query<FeedbackRow>(sql`
        select * from feedback
        where entry is null and fault is null and source is not null
          and (memory is not null or source_language is not null and target_language is not null)
          and at >= ${since} and (${ids}::text[] is null or id = any(${ids}))
        order by at limit ${limit}`);
      return rows.map(toFeedback);
    },

    async saveEntered(entered) {
      await pool.query(sql`
        update feedback f set memory = coalesce(e.memory, f.memory), entry = e.entry, fault = e.fault
        from jsonb_to_recordset(${json(entered)}::jsonb) as e(id text, correction text, memory text, entry bigint, fault text)
        where f.id = e.id and f.correction = e.correction`);
    },

    async forget(before) {
      await pool.query(sql`delete from feedback where at < ${before}`);
    },
  };
}
