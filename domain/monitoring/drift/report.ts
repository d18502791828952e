import type { StatisticName } from './evaluator.ts';
import type { Pool } from './pool.ts';

export interface DriftTest {
  readonly statistic: StatisticName;
  readonly value: number;
  /** The value in terms of the floor: Cohen's w for χ², else the value. */
  readonly effect: number;
  readonly floor: number;
  /** Only a value beyond it has an adjusted p-value of at most the level. */
  readonly threshold: number;
  /** Share of permutations whose value is at least as great. */
  readonly p: number;
  /** Corrected for all the statistics of the window. */
  readonly adjustedP: number;
  readonly alarm: boolean;
}

export interface ColumnDrift {
  /** null: all the columns that are no embeddings, together. */
  readonly column: string | null;
  readonly alarm: boolean;
  readonly tests: readonly DriftTest[];
  /** One sentence. */
  readonly text: string;
}

export interface DriftReport {
  /** Whether any column has an alarm. */
  readonly alarm: boolean;
  readonly level: number;
  /** Choices compared, that observed among them. */
  readonly choices: number;
  readonly referenceRows: number;
  readonly windowRows: number;
  readonly columns: readonly ColumnDrift[];
  readonly notCompared: Pool['notCompared'];
}
