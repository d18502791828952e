export const searchKinds = [
  'pipeline',
  'run',
  'partition',
  'market',
  'customer',
  'product',
  'model',
  'version',
  'rollout',
  'decision',
  'alert',
  'step',
  'schedule',
  'deadline',
  'rule',
  'policy',
  'alert-definition',
  'backfill',
  'glossary',
  'memory',
  'document',
] as const;
export type SearchKind = (typeof searchKinds)[number];

/** Something that was found, best first in `GET /v1/search`. */
export interface SearchHit {
  readonly kind: SearchKind;
  /** Of a version `model/3`, of a step `pipeline/step`, of a partition its name; else the id that its route takes. */
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** What it is, in a few words; '' when the title says all. */
  readonly detail: string;
  /** Pipeline, market or model that it belongs to; null: none. */
  readonly of: string | null;
  /** When it was made or last happened; null for what has no time. */
  readonly at: string | null;
  /** From 0 to 1: 1 is exactly what was asked for. */
  readonly score: number;
}

export interface SearchAnswer {
  readonly query: string;
  readonly hits: readonly SearchHit[];
}
