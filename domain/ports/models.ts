import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type {
  AliasChange,
  Labels,
  ModelDeletion,
  ModelFacts,
  ModelFile,
  ModelReference,
  ModelSignature,
  ModelVersion,
  ServedLists,
} from '../../contracts/models.ts';

export interface NewModelVersion {
  readonly model: string;
  readonly formatVersion: number;
  readonly artifact: ArtifactRef;
  /** Default: the artifact alone, as `model`. */
  readonly files?: readonly ModelFile[];
  readonly signature?: ModelSignature;
  readonly facts?: ModelFacts;
  readonly metrics: JsonObject;
  /** See ModelLineage in contracts/models.ts. */
  readonly lineage: JsonObject;
  readonly runId: string;
  readonly description?: string;
  readonly labels?: Labels;
}

export interface AliasOptions {
  /** The version the alias must point at for the change to be made (null: at none); another one is a CONFLICT. */
  readonly expected?: number | null;
  /** Default `set`, or `remove` without a version. */
  readonly kind?: AliasChange['kind'];
  readonly runId?: string;
  readonly decisionId?: string | null;
  /** Of the champion: the configuration it is served by from now on (0: the built-in one). Default: the one in force stays. */
  readonly configuration?: number;
}

/** Versions of models and the aliases (`champion`, `challenger`) that point at them. */
export interface ModelRepository {
  /**
   * Adds the next version. The same artifact from the same run gives the version it got before; one that was deleted is
   * there again.
   */
  add(version: NewModelVersion): Promise<ModelVersion>;
  /** Versions, newest first; deleted ones only when asked for. */
  list(model?: string, options?: { deleted?: boolean }): Promise<ModelVersion[]>;
  /** A version; null when there is none, or it was deleted and not asked for. */
  get(model: string, version: number, options?: { deleted?: boolean }): Promise<ModelVersion | null>;
  byAlias(model: string, alias: string): Promise<ModelVersion | null>;
  /**
   * Points an alias at a version, or removes it (null), and keeps the change in the history. Without a change nothing is
   * kept. NOT_FOUND when the version or the configuration is not there, CONFLICT when the alias is not where it was expected.
   */
  setAlias(
    model: string,
    alias: string,
    version: number | null,
    by: string,
    reason: string,
    options?: AliasOptions,
  ): Promise<void>;
  /** What an alias pointed at, newest first. */
  history(model: string, alias?: string): Promise<AliasChange[]>;
  /** Changes what people say of a version; labels of null are taken away. Null when there is no such version. */
  describe(
    model: string,
    version: number,
    change: { description?: string; labels?: Readonly<Record<string, string | null>> },
  ): Promise<ModelVersion | null>;
  /** The lists of a market that were in use on a day (YYYY-MM-DD): the newest made for that day or before. */
  servedLists(market: string, day: string): Promise<ServedLists | null>;
}

/** Removes versions that nothing refers to. */
export interface ModelRetention {
  /**
   * What keeps a version: rollouts that go on; aliases; markets whose lists it makes; having been under one of the `protected` aliases after `since`; runs
   * that name its files and have not ended, or ended after `since`; cached steps that name its files.
   */
  references(version: ModelVersion, keep: ModelKeep): Promise<ModelReference[]>;
  /** Marks a version as deleted if nothing refers to it. @returns what refers to it; empty: it is deleted. */
  remove(version: ModelVersion, keep: ModelKeep, deletion: ModelDeletion): Promise<ModelReference[]>;
  /** Versions made before a time. */
  madeBefore(time: Date): Promise<ModelVersion[]>;
  /** Deleted versions whose files are still to be removed. */
  withFilesToRemove(): Promise<ModelVersion[]>;
  /** Of these hashes those that a version, an unfinished run or a cached step names. */
  stillNamed(sha256: readonly string[]): Promise<string[]>;
  filesRemoved(version: ModelVersion, at: Date): Promise<void>;
}

export interface ModelKeep {
  /** What was in use after this is kept. */
  readonly since: Date;
  /** Aliases under which a version served. */
  readonly protected: readonly string[];
}
