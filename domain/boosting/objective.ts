/**
 * What boosting lowers: a loss by its derivatives. One file each ({@link lambdarank}, {@link logistic}); another loss
 * is another object of this shape.
 */
export interface Objective {
  readonly name: string;
  readonly rows: number;
  /**
   * Units that are drawn and differentiated as a whole: unit u holds the rows `start[u] … start[u + 1]`. Null when every
   * row stands by itself.
   */
  readonly start: Int32Array | null;
  /** Score of every row before the first tree. */
  readonly initialScore: number;
  /**
   * Writes the first and second derivative of the loss by the score for each row of the `units`, row r to
   * `derivatives[2 r]` and `derivatives[2 r + 1]`. The second must not be negative.
   */
  derive(scores: Float64Array, units: Int32Array, derivatives: Float32Array): void;
}

/** Judges scores of a validation set, row by row. */
export interface ValidationMetric {
  readonly name: string;
  readonly higherIsBetter: boolean;
  of(scores: Float64Array): number;
}
