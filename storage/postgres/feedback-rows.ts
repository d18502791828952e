import type { FeedbackRecord, LoggedPrediction } from '../../contracts/feedback.ts';
import type { FeedbackScope } from '../../domain/ports/feedback.ts';

/** A correction as the database has it; times may be text where they come out of JSON. */
export interface FeedbackRow {
  readonly id: string;
  readonly request_id: string | null;
  readonly place: number | null;
  readonly source_language: string | null;
  readonly target_language: string | null;
  readonly source: string | null;
  readonly correction: string;
  readonly memory: string | null;
  readonly detail: FeedbackRecord['detail'];
  readonly by: string;
  readonly at: Date | string;
  readonly entry: string | number | null;
  readonly fault: string | null;
  readonly joined_at: Date | string | null;
  readonly predicted_at: Date | string;
  readonly model: string | null;
  readonly model_version: number | null;
  readonly origin: LoggedPrediction['origin'];
  readonly answer: string;
  readonly chrf: number;
  readonly edit_rate: number;
  readonly untouched: boolean;
}

const isoOf = (time: Date | string): string => new Date(time).toISOString();

export function toFeedback(row: FeedbackRow): FeedbackRecord {
  const { id, source, correction, memory, detail, by, fault, origin, answer, chrf, untouched, model } = row;
  return {
    id,
    requestId: row.request_id,
    index: row.place,
    sourceLanguage: row.source_language,
    targetLanguage: row.target_language,
    source,
    correction,
    memory,
    detail,
    by,
    at: isoOf(row.at),
    entry: row.entry === null ? null : String(row.entry),
    fault,
    prediction:
      row.joined_at === null
        ? null
        : {
            ...{ at: isoOf(row.predicted_at), model, modelVersion: row.model_version, origin, answer },
            ...{ chrf, editRate: row.edit_rate, untouched },
          },
  };
}

/** Milliseconds before a correction came, at most, in which an answer was given that is logged only later: while the log was away. */
const loggedLateMs = 2 * 86_400_000;

/** A scope as parameters of a statement: without ids all are meant. `oldest`: answers of before were looked at when the corrections came. */
export function scopeOf(scope: FeedbackScope): {
  readonly ids: readonly string[] | null;
  readonly since: Date;
  readonly oldest: Date;
  readonly limit: number;
} {
  return 'ids' in scope
    ? { ids: scope.ids, since: new Date(0), oldest: new Date(0), limit: scope.ids.length }
    : { ids: null, ...scope, oldest: new Date(scope.since.getTime() - loggedLateMs) };
}
