import type { DecisionAlert, DecisionReason, DecisionVerdict, TrainingOutcome } from '../../../contracts/decisions.ts';

/** A value by day; a day at most once, oldest first. */
export type Series = readonly DayValue[];
export interface DayValue {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly value: number;
}

/** A fault of the data themselves, as quality checks find it: days that it names say nothing about a model. */
export interface DataFinding {
  readonly day: string;
  readonly kind: 'volume' | 'freshness' | 'schema' | 'values';
  /** In words. */
  readonly text: string;
}

/** What a drift monitor says of a window; its test is calibrated, so that `drifted` columns are not chance. */
export interface DriftWindow {
  readonly day: string;
  /** Columns compared. */
  readonly columns: number;
  /** Those whose distribution has changed. */
  readonly drifted: number;
}

/** What was seen of a pipeline and a model. Nothing in it depends on what a policy decides, so that it can be looked at again. */
export interface Observations {
  /** By {@link kpiKey}. */
  readonly kpis: Readonly<Record<string, Series>>;
  /** Labelled rows there are, all together, by day. */
  readonly labelled: Series;
  /** Rows that came in, by the day they are of. */
  readonly volume: Series;
  readonly findings: readonly DataFinding[];
  readonly drift: readonly DriftWindow[];
}

/** A training of the model, whoever asked for it. */
export interface Training {
  /** When it began; ISO 8601. */
  readonly at: string;
  /** Null while it runs. */
  readonly endedAt: string | null;
  /** Null while it runs, or when nobody measured it. */
  readonly hours: number | null;
  /** Null while it runs. */
  readonly outcome: TrainingOutcome | null;
  /** When its version became champion; null when it did not. */
  readonly promotedAt: string | null;
  /** Whether a rollout brings its version in, and has not ended. Default: no. */
  readonly inRollout?: boolean;
  /** Rules of a decision that asked for it; empty: a person, or a pipeline without a champion. */
  readonly rules: readonly string[];
  /** Day its data end before; null when it made no version. */
  readonly dataEnd: string | null;
  /** Labelled rows it learned from. */
  readonly rows: number | null;
}

/** What has been done so far, newest first, the champion's own training among them. */
export interface RetrainingState {
  readonly championVersion: number | null;
  readonly trainings: readonly Training[];
}

export interface RetrainingInputs {
  /** Now. */
  readonly at: Date;
  /** Only data of days before it, and figures of days up to it, count; YYYY-MM-DD. */
  readonly day: string;
  readonly observations: Observations;
  readonly state: RetrainingState;
}

export interface Evaluation {
  readonly verdict: DecisionVerdict;
  readonly summary: string;
  readonly reasons: readonly DecisionReason[];
  /** Rules that ask for training, such as `kpi:realised_hit` or `new-data`. */
  readonly wanted: readonly string[];
  /** Set with the verdicts `alert` and `escalate`. */
  readonly alert: DecisionAlert | null;
}

/** Names a key figure of a market; '' for all markets. */
export function kpiKey({ name, market = '' }: { readonly name: string; readonly market?: string }): string {
  return market === '' ? name : `${name}@${market}`;
}
