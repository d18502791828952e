import type { LoggedPrediction } from '../../contracts/feedback.ts';
import type { PredictionLog } from '../../domain/ports/feedback.ts';
import { type Connection, iso, json, sql } from './client.ts';
import { timePartitions } from './time-partitions.ts';

export interface PredictionRow {
  readonly request_id: string;
  readonly place: number;
  readonly served: boolean;
  readonly at: Date;
  readonly caller: string;
  readonly source_language: string;
  readonly target_language: string;
  readonly model: string | null;
  readonly model_version: number | null;
  readonly rollout_id: string | null;
  readonly side: LoggedPrediction['side'];
  readonly source: string;
  readonly answer: string;
  readonly origin: LoggedPrediction['origin'];
  readonly confidence: number;
  readonly terms: LoggedPrediction['terms'];
}

/** Answers of translation, in a table that PostgreSQL partitions by day, so that none is kept for longer than is said. */
export function predictionLog({ pool }: Connection): PredictionLog {
  const partitions = timePartitions(pool, { table: 'translation_predictions', unit: 'day' });
  return {
    async add(predictions) {
      if (predictions.length === 0) return;
      await partitions.make(predictions.map(({ at }) => new Date(at)));
      await pool.query(sql`
        insert into translation_predictions (request_id, place, served, at, caller, source_language, target_language, model,
          model_version, rollout_id, side, source, source_hash, answer, origin, confidence, terms)
        select p."requestId", p.index, p.served, p.at, p.caller, p."sourceLanguage", p."targetLanguage", p.model,
          p."modelVersion", p."rolloutId", p.side, p.source, sha256(convert_to(p.source, 'UTF8')), p.answer, p.origin,
          p.confidence, p.terms
        from jsonb_to_recordset(${json(predictions)}::jsonb) as p("requestId" text, index int, served boolean, at timestamptz,
          caller text, "sourceLanguage" text, "targetLanguage" text, model text, "modelVersion" int, "rolloutId" text,
          side text, source text, answer text, origin text, confidence float8, terms jsonb)
        on conflict do nothing`);
    },
    async find(requestId, index) {
      const { rows } = await pool.query<PredictionRow>(sql`
        select * from translation_predictions where request_id = ${requestId} and place = ${index} order by served desc, at desc`);
      return rows.map(toPrediction);
    },
    async sample({ model, modelVersion, from, to, perDay }) {
      const { rows } = await pool.query<PredictionRow>(sql`
        select * from (
          select p.*, row_number() over (partition by (at at time zone 'UTC')::date order by md5(request_id || '/' || place)) as n
          from translation_predictions p
          where served and model = ${model} and model_version = ${modelVersion} and at >= ${from} and at < ${to}
        ) drawn where n <= ${perDay} order by (at at time zone 'UTC')::date, n`);
      return rows.map(toPrediction);
    },
    async firstAnswer(model, modelVersion) {
      const { rows } = await pool.query<{ at: Date | null }>(sql`
        select min(at) as at from translation_predictions where served and model = ${model} and model_version = ${modelVersion}`);
      return rows[0]?.at ?? null;
    },
    turnOver: partitions.turnOver,
  };
}

export function toPrediction(row: PredictionRow): LoggedPrediction {
  const { request_id, place, served, at, caller, source, answer, origin, confidence, terms, model, side } = row;
  return {
    requestId: request_id,
    index: place,
    served,
    at: iso(at),
    caller,
    sourceLanguage: row.source_language,
    targetLanguage: row.target_language,
    model,
    modelVersion: row.model_version,
    rolloutId: row.rollout_id,
    side,
    source,
    answer,
    origin,
    confidence,
    terms,
  };
}
