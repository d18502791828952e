/** A figure of a day beside those before. */
export interface DigestFigure {
  readonly name: string;
  /** For people: `Expected revenue`. */
  readonly label: string;
  /** How it is written: a share as percent, an amount, a count, or a plain number. */
  readonly unit: 'percent' | 'amount' | 'count' | 'number';
  readonly value: number;
  /** Of the newest day before; null: there is none within 3 days. */
  readonly yesterday: number | null;
  /** Of the same day a week ago. */
  readonly lastWeek: number | null;
}

export interface DigestMarket {
  /** '' for all markets together. */
  readonly market: string;
  /** What was delivered: YYYY-MM-DD of the newest results; null: nothing yet. */
  readonly date: string | null;
  readonly deliveredAt: string | null;
  /** Whether anything was delivered since the digest before. */
  readonly isNew: boolean;
  readonly figures: readonly DigestFigure[];
}

export interface DigestPipeline {
  readonly id: string;
  readonly title: string;
  /** Runs that ended since the digest before. */
  readonly succeeded: number;
  readonly failed: number;
  readonly markets: readonly DigestMarket[];
  /** Deadlines of the day, in words. */
  readonly deadlines: readonly { readonly text: string; readonly isGood: boolean }[];
  /** What was decided about its models, in words. */
  readonly decisions: readonly string[];
}

/** The key results of a day for business users. */
export interface Digest {
  /** Local day, YYYY-MM-DD. */
  readonly day: string;
  readonly zone: string;
  /** From when on it tells what happened; ISO 8601 UTC. */
  readonly from: string;
  readonly at: string;
  readonly pipelines: readonly DigestPipeline[];
  /** Open alerts. */
  readonly attention: readonly {
    readonly severity: 'info' | 'warning' | 'critical';
    readonly title: string;
    readonly since: string;
    readonly affects: readonly string[];
    readonly acknowledgedBy: string | null;
  }[];
}
