import type { Json } from './json.ts';
import type { TrainedOn } from './models.ts';

/** A metric of two versions; null: a version does not have it. */
export interface MetricComparison {
  readonly name: string;
  readonly title: string;
  readonly a: number | null;
  readonly b: number | null;
  /** b minus a. */
  readonly difference: number | null;
  /** Difference as a share of a's size; null where a is 0. */
  readonly relative: number | null;
  /** Which way is better; null: it only describes, or nobody said. */
  readonly better: 'higher' | 'lower' | null;
  /** The better version; null where they are equal or nobody said what is better. */
  readonly winner: 'a' | 'b' | null;
  readonly digits: number;
}

/** Something that two versions do not have in common; null: a version does not have it. */
export interface Differing<Value = Json> {
  readonly name: string;
  readonly a: Value | null;
  readonly b: Value | null;
}

/** Two versions of a model side by side. */
export interface ModelComparison {
  readonly model: string;
  readonly a: number;
  readonly b: number;
  readonly metrics: readonly MetricComparison[];
  /** Parameters that differ. */
  readonly params: readonly Differing[];
  /** Datasets that differ. */
  readonly data: readonly Differing<TrainedOn>[];
  /** What differs of the code: the package, the commit, steps. */
  readonly code: readonly Differing<string>[];
  /** Files that differ, with their bytes. */
  readonly files: readonly Differing<number>[];
  /** Whether what goes in and comes out is the same. */
  readonly sameSignature: boolean;
}
