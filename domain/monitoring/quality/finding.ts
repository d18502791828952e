export type QualityCheck = 'schema' | 'missing' | 'range' | 'constant' | 'new-category' | 'volume' | 'freshness';

/** Something about a window that is not as it should be. */
export interface QualityFinding {
  readonly check: QualityCheck;
  /** null: of the window as a whole. */
  readonly column: string | null;
  /** `error`: the window must not be used as it is. `warning`: someone should look. */
  readonly severity: 'error' | 'warning';
  /** Shares are 0..1; null where there is no number. */
  readonly observed: number | null;
  readonly expected: number | null;
  /** One sentence. */
  readonly text: string;
}

export const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
export const figure = (value: number): string => String(Number(value.toPrecision(4)));
