/** Something that a search found. */
export interface SearchHit {
  /** What it is: `run`, `pipeline`, `market`, … */
  readonly kind: string;
  readonly id: string;
  readonly title: string;
  readonly detail: string;
}
