import type {
  DecisionOverride,
  DecisionReason,
  DecisionShown,
  DecisionVerdict,
  RetrainingDecision,
  TrainingOutcome,
} from '../../contracts/decisions.ts';
import type { ErrorInfo } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { iso } from './client.ts';

/** A decision with its run, its version and its overrides, as the pg driver gives it. */
export interface DecisionRow {
  readonly id: string;
  readonly pipeline: string;
  readonly model: string;
  readonly run_id: string | null;
  readonly at: Date;
  /** As text: the driver would read a date as local midnight. */
  readonly day_text: string;
  readonly verdict: DecisionVerdict;
  readonly effective: DecisionVerdict;
  readonly summary: string;
  readonly reasons: DecisionReason[];
  readonly inputs: JsonObject;
  readonly policy: RetrainingDecision['policy'];
  readonly occasion: RetrainingDecision['occasion'];
  readonly alert: RetrainingDecision['alert'];
  readonly training_run_id: string | null;
  readonly run_status: string | null;
  readonly run_error: ErrorInfo | null;
  readonly run_hours: number | null;
  readonly outcome: TrainingOutcome | null;
  readonly outcome_why: string | null;
  readonly rollout: string | null;
  readonly made_version: number | null;
  readonly promoted_at: Date | null;
  readonly overrides: readonly OverrideRow[];
}

export interface OverrideRow {
  readonly id: string;
  readonly decision_id: string;
  readonly verdict: DecisionOverride['verdict'];
  readonly reason: string;
  readonly status: DecisionOverride['status'];
  readonly requested_by: string;
  readonly requested_key: string;
  /** Text within a decision's row. */
  readonly requested_at: Date | string;
  readonly decided_by: string | null;
  readonly decided_at: Date | string | null;
  readonly note: string;
}

export function toDecision(row: DecisionRow): DecisionShown {
  return {
    id: row.id,
    pipeline: row.pipeline,
    model: row.model,
    runId: row.run_id,
    at: iso(row.at),
    day: row.day_text,
    verdict: row.verdict,
    summary: row.summary,
    reasons: row.reasons,
    inputs: row.inputs,
    policy: row.policy,
    occasion: row.occasion,
    alert: row.alert,
    effective: row.effective,
    overrides: row.overrides.map(toOverride),
    links: {
      run:
        row.training_run_id === null
          ? null
          : { id: row.training_run_id, status: row.run_status ?? 'unknown', hours: row.run_hours },
      version: row.made_version === null ? null : { model: row.model, version: row.made_version },
      rollout: row.rollout,
      outcome: row.outcome,
      why: row.outcome_why,
      error: row.run_error,
      promotedAt: row.promoted_at && iso(row.promoted_at),
    },
  };
}

export function toOverride(row: OverrideRow): DecisionOverride {
  return {
    id: row.id,
    decision: row.decision_id,
    verdict: row.verdict,
    reason: row.reason,
    status: row.status,
    requestedBy: row.requested_by,
    requestedAt: iso(new Date(row.requested_at)),
    decidedBy: row.decided_by,
    decidedAt: row.decided_at === null ? null : iso(new Date(row.decided_at)),
    note: row.note,
  };
}
