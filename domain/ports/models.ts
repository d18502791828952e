import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { AliasChange, ModelVersion } from '../../contracts/models.ts';

/** Versions of models and the aliases (`champion`, `challenger`) that point at them. */
export interface ModelRepository {
  /** Adds the next version. The same artifact from the same run gives the version it got before. */
  add(version: {
    model: string;
    formatVersion: number;
    artifact: ArtifactRef;
    metrics: JsonObject;
    lineage: JsonObject;
    runId: string;
  }): Promise<ModelVersion>;
  list(model?: string): Promise<ModelVersion[]>;
  get(model: string, version: number): Promise<ModelVersion | null>;
  byAlias(model: string, alias: string): Promise<ModelVersion | null>;
  /** Points an alias at a version and keeps the change in the history. NOT_FOUND when the version is not there. */
  setAlias(model: string, alias: string, version: number, by: string, reason: string): Promise<void>;
  /** What an alias pointed at, newest first. */
  history(model: string, alias?: string): Promise<AliasChange[]>;
}
