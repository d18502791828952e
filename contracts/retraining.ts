import type { DagRunInput } from './activities.ts';
import type { DecisionOccasion } from './decisions.ts';

/** Names of the series that every policy reads: labelled rows so far, and rows that came in on a day. */
export const observedSeries = { labelled: 'labelled_rows', volume: 'rows_in' } as const;

/** Whose key figures the series of a pipeline's data are: beside its own, since they tell nothing of its results. */
export function dataOf(pipeline: string): string {
  return `${pipeline}/data`;
}

/**
 * What the `*` of a policy's model stands for in a model's name, '' without one; null when it is another model. Series of
 * a model that is one of several are those of that market: of `translation-en-de`, decided about by `translation-*`, those
 * of `en-de`.
 */
export function scopeOf(pattern: string, model: string): string | null {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return pattern === model ? '' : null;
  const fits = model.length >= before.length + after.length && model.startsWith(before) && model.endsWith(after);
  return fits ? model.slice(before.length, model.length - after.length) : null;
}

/** Hour of the day at which the daily watch decides, UTC. */
export const watchHour = 5;

/** What a watch was started for. */
export type RetrainingWatchInput =
  | { readonly kind: 'daily' }
  /** A run has ended well: decisions made in it are carried out; without one, what its policies say. */
  | { readonly kind: 'run'; readonly pipeline: string; readonly runId: string }
  /** Something happened to a pipeline: drift, or corrections that came in. */
  | { readonly kind: 'event'; readonly pipeline: string; readonly ref: string }
  | { readonly kind: 'manual'; readonly policy: string; readonly model: string | null; readonly ref: string }
  /** A person has put another verdict in the place of a decision's. */
  | { readonly kind: 'override'; readonly decision: string };

/** A policy and a model to decide about, or a decision that has been made. */
export type RetrainingAsk =
  | {
      readonly policy: string;
      readonly model: string;
      readonly occasion: DecisionOccasion;
    }
  | { readonly decision: string };

/** What a decision leads to: the run to follow, if it asks for one. */
export interface CarriedOut {
  readonly decision: string;
  readonly run: DagRunInput | null;
}

/** Activities of the workflow `retrainingWatch`. All are safe to repeat. */
export interface RetrainingActivities {
  /** What there is to decide. @param day of the watch, YYYY-MM-DD. */
  planWatch(input: RetrainingWatchInput, day: string): Promise<RetrainingAsk[]>;
  /** Decides, stores the decision, and makes its run when it asks for one. */
  decideRetraining(ask: RetrainingAsk, day: string): Promise<CarriedOut>;
  /** Records what became of the run of a decision. */
  settleDecision(decision: string): Promise<void>;
}
