export interface ChartSeries {
  readonly label: string;
  /** One for each time; null: nothing is known, and the line is broken. */
  readonly values: readonly (number | null)[];
  /** Default `line`. Crosses are points that are told apart without their colour. */
  readonly kind?: 'line' | 'points' | 'crosses' | 'bars';
  /** A token such as `--failed`, where the series is a status. */
  readonly colour?: string;
}

export interface ChartMark {
  /** Milliseconds. */
  readonly at: number;
  /** `deploy 12`, `retraining`. */
  readonly label: string;
  readonly href?: string;
}

export interface TimeChartProps {
  /** What is drawn, with its unit; the caption. */
  readonly title: string;
  /** Milliseconds, ascending. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  /** Horizontal lines: `floor .30`, `alarm above .2`. */
  readonly thresholds?: readonly {
    readonly value: number;
    readonly label: string;
    readonly tone?: 'failed' | 'late' | 'ok';
  }[];
  /** What is normal at each time. */
  readonly band?: {
    readonly label: string;
    readonly low: readonly (number | null)[];
    readonly high: readonly (number | null)[];
  };
  /** Deploys and retrainings. */
  readonly marks?: readonly ChartMark[];
  /** A value in words, with its unit. */
  readonly format: (value: number) => string;
  /** The values are seconds: the axis steps by 1, 5, 10, 30 s, min or h, not by powers of ten. */
  readonly inSeconds?: boolean;
  /** Pixels; default 220. */
  readonly height?: number;
  /** The axis begins with 0: for counts and lengths of time. */
  readonly fromZero?: boolean;
  /** Ends of the axis in milliseconds; default: the first and last time. */
  readonly from?: number;
  readonly to?: number;
  /** The point under the pointer was clicked. */
  readonly onPick?: (index: number) => void;
  /** Where a row of the table leads. */
  readonly hrefOf?: (index: number) => string;
}
