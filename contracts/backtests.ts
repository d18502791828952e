import { type Static, Type } from 'typebox';
import type { DecisionVerdict } from './decisions.ts';

const day = (description: string) => Type.String({ format: 'date', pattern: '^(?!0000)', description });

/** A stretch of days that somebody knows to have been bad. */
export const MarkedDegradationSchema = Type.Object(
  { from: day('First day, YYYY-MM-DD.'), to: day('Last day.') },
  { additionalProperties: false },
);
export type MarkedDegradation = Static<typeof MarkedDegradationSchema>;

/** A degradation of the past, and what the policy would have made of it. */
export interface JudgedDegradation extends MarkedDegradation {
  /** Key of the figure it was found in; null when it was marked. */
  readonly kpi: string | null;
  /** In standard deviations of a day; null when it was marked. */
  readonly depth: number | null;
  /**
   * `caught` by a key figure; `otherwise`: a training that another rule asked for came while it lasted; `missed`.
   */
  readonly status: 'caught' | 'otherwise' | 'missed';
  /** The day of that decision. */
  readonly at: string | null;
  /** Days from its first day to the decision. */
  readonly days: number | null;
  /** A training of the past ended it on this day: had it not, the policy would have had longer to notice. */
  readonly endedBy: string | null;
}

/** A day on which a policy would have done something. */
export interface BacktestDecision {
  readonly day: string;
  readonly verdict: DecisionVerdict;
  /** Rules that asked for training. */
  readonly wanted: readonly string[];
  readonly summary: string;
}

/** What a policy would have decided on the stored past. */
export interface BacktestReport {
  readonly policy: { readonly id: string; readonly version: number | null; readonly hash: string };
  readonly model: string;
  /** First day, and the day after the last. */
  readonly from: string;
  readonly to: string;
  /** Days decided about. */
  readonly days: number;
  readonly retrainings: number;
  readonly challengers: number;
  /** Training hours; those of trainings that the past does not know are the usual ones. */
  readonly hours: number;
  readonly alerts: number;
  readonly escalations: number;
  /** Trainings by the rule that asked for them. */
  readonly byRule: Readonly<Record<string, number>>;
  readonly degradations: readonly JudgedDegradation[];
  readonly caught: number;
  readonly missed: number;
  /** Trainings that a key figure asked for and no degradation stands behind: their days. */
  readonly falseRetrainings: readonly string[];
  /** Of those caught; null without one. */
  readonly medianDaysToDetection: number | null;
  /** All but `keep`, oldest first. */
  readonly decisions: readonly BacktestDecision[];
  /** Against the decisions that were made then. */
  readonly agreement: {
    /** Days with a stored decision. */
    readonly days: number;
    readonly same: number;
    readonly differing: readonly {
      readonly day: string;
      readonly stored: DecisionVerdict;
      readonly backtest: DecisionVerdict;
    }[];
  };
}

/** Two policies on the same past. */
export interface BacktestComparison {
  readonly report: BacktestReport;
  readonly against: BacktestReport | null;
}
