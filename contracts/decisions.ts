import type { ErrorInfo } from './errors.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * `retrain`: a model is trained and may become champion. `challenger`: one is trained that must not promote itself.
 * `keep`: nothing is done. `alert`: the data are at fault, so people are told and nothing is trained. `escalate`:
 * training is wanted, and people have to decide.
 */
export const decisionVerdicts = ['retrain', 'challenger', 'keep', 'alert', 'escalate'] as const;
export type DecisionVerdict = (typeof decisionVerdicts)[number];

/** One rule of a retraining policy as it was evaluated. */
export interface DecisionReason {
  /** `kpi:<name>`, `new-data`, `age`, `drift`, `data`, `cool-down`, `budget` or `escalation`. */
  readonly rule: string;
  readonly fired: boolean;
  /** In words, with the numbers and their units. */
  readonly text: string;
  readonly value: number | null;
  readonly threshold: number | null;
}

/** What a decision was made for. The same occasion again is the same decision. */
export interface DecisionOccasion {
  readonly kind: 'daily' | 'run' | 'event' | 'manual';
  /** The day, the run's id, the event, or who asked. */
  readonly ref: string;
}

/** What people are told with a decision; the same key again is the same alert. */
export interface DecisionAlert {
  readonly key: string;
  readonly severity: 'warning' | 'critical';
  readonly message: string;
}

/** What became of a training; `challenger`: its version was not to promote itself, and waits for people or a rollout. */
export const trainingOutcomes = ['promoted', 'rejected', 'challenger', 'failed'] as const;
export type TrainingOutcome = (typeof trainingOutcomes)[number];

/** From the decision to what it led to; null: not (yet). */
export interface DecisionLinks {
  readonly run: { readonly id: string; readonly status: string; readonly hours: number | null } | null;
  readonly version: { readonly model: string; readonly version: number } | null;
  /** The rollout that brings the version in. */
  readonly rollout: string | null;
  readonly outcome: TrainingOutcome | null;
  /** The outcome in words. */
  readonly why: string | null;
  readonly error: ErrorInfo | null;
  readonly promotedAt: string | null;
}

export const overrideStatuses = ['pending', 'approved', 'declined'] as const;

/** A verdict that a person puts in the place of a decision's. */
export interface DecisionOverride {
  readonly id: string;
  readonly decision: string;
  readonly verdict: 'retrain' | 'challenger' | 'keep';
  readonly reason: string;
  readonly status: (typeof overrideStatuses)[number];
  readonly requestedBy: string;
  readonly requestedAt: string;
  /** Who approved or declined. */
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  /** What they said to it; '' when nothing. */
  readonly note: string;
}

export interface RetrainingDecision {
  readonly id: string;
  readonly pipeline: string;
  /** The model it is about. */
  readonly model: string;
  /** The run it was made in, or for; null otherwise. */
  readonly runId: string | null;
  readonly at: string;
  /** The day of data it looks at from: nothing later counts. YYYY-MM-DD. */
  readonly day: string;
  readonly verdict: DecisionVerdict;
  /** One sentence for people. */
  readonly summary: string;
  readonly reasons: readonly DecisionReason[];
  readonly inputs: JsonObject;
  readonly policy: { readonly name: string; readonly version: string; readonly thresholds: Json };
  readonly occasion: DecisionOccasion;
  readonly alert: DecisionAlert | null;
}

/** A decision with what became of it. */
export interface DecisionShown extends RetrainingDecision {
  /** What counts: the verdict of the newest approved override, or its own. */
  readonly effective: DecisionVerdict;
  readonly overrides: readonly DecisionOverride[];
  readonly links: DecisionLinks;
}

/** `data` of `retraining.decided`; the event's source is `/policies/<id>`, its subject the model. */
export interface RetrainingDecidedData {
  readonly decision: string;
  readonly policy: string;
  readonly pipeline: string;
  readonly model: string;
  readonly day: string;
  readonly verdict: DecisionVerdict;
  readonly summary: string;
}
