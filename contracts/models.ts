import type { ArtifactRef } from './artifacts.ts';
import type { JsonObject } from './json.ts';

/** One immutable version of a model. */
export interface ModelVersion {
  readonly id: string;
  /** e.g. `offers-next-products`. */
  readonly model: string;
  readonly version: number;
  readonly formatVersion: number;
  readonly artifact: ArtifactRef;
  readonly metrics: JsonObject;
  /** Run, step, inputs (hashes), code version and parameters it was made from. */
  readonly lineage: JsonObject;
  readonly createdAt: string;
  readonly aliases: readonly string[];
}

/** A change of an alias: which version it pointed at from `at` on, by whom and why. */
export interface AliasChange {
  readonly model: string;
  readonly alias: string;
  readonly version: number | null;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}
