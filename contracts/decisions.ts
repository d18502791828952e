import type { Json, JsonObject } from './json.ts';

/** One rule of a retraining policy as it was evaluated. */
export interface DecisionReason {
  readonly rule: string;
  readonly fired: boolean;
  /** In words, with the numbers and their units. */
  readonly text: string;
  readonly value: number | null;
  readonly threshold: number | null;
}

export interface RetrainingDecision {
  readonly id: string;
  readonly pipeline: string;
  readonly runId: string | null;
  readonly at: string;
  readonly verdict: 'retrain' | 'keep';
  /** One sentence for people. */
  readonly summary: string;
  readonly reasons: readonly DecisionReason[];
  readonly inputs: JsonObject;
  readonly policy: { readonly name: string; readonly version: string; readonly thresholds: Json };
}
