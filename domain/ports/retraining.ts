import type { DecisionVerdict } from '../../contracts/decisions.ts';
import type { DefinitionOrigin } from '../../contracts/definitions.ts';
import type { FilledPolicy, PolicyRecord, PolicyVersion } from '../../contracts/policies.ts';
import type { RetrainingWatchInput } from '../../contracts/retraining.ts';
import type { DataFinding, DriftWindow, Training } from '../monitoring/retraining/types.ts';

export interface NewPolicy {
  readonly definition: FilledPolicy;
  readonly hash: string;
  readonly origin: DefinitionOrigin;
  readonly by: string;
}

/** Retraining policies. A change is a new version; versions stay, also of policies that are gone. */
export interface PolicyRepository {
  /** By id. */
  list(): Promise<PolicyRecord[]>;
  get(id: string): Promise<PolicyRecord | null>;
  /** CONFLICT when the id is taken. One that was there before goes on counting its versions. */
  create(policy: NewPolicy, now: Date): Promise<PolicyRecord>;
  /** Adds a version and makes it the present one. NOT_FOUND when there is no such policy. */
  replace(policy: NewPolicy, now: Date): Promise<PolicyRecord>;
  /** False when there is none. Its versions and decisions stay. */
  remove(id: string): Promise<boolean>;
  /** Newest first; empty when there never was such a policy. */
  versions(id: string): Promise<PolicyVersion[]>;
  version(id: string, version: number): Promise<PolicyVersion | null>;
}

/**
 * A training as it is stored: of the run that made a version, or that a decision started. `dataEnd` is `asOf` of the
 * version's lineage, else the day it was made; `rows` are those of the lineage.
 */
export interface StoredTraining extends Training {
  readonly runId: string;
}

/** What decisions need to know of the past of a model. */
export interface TrainingHistory {
  /** The newest `limit`, newest first. */
  trainings(model: string, filter: { readonly limit: number }): Promise<StoredTraining[]>;
  /** Verdicts of a policy on a model by day; of several on a day the daily one's, else the last. `to` exclusive. */
  verdicts(policy: string, model: string, from: string, to: string): Promise<Map<string, DecisionVerdict>>;
}

/** Drift of a pipeline's data, as its monitor stores it. */
export interface DriftHistory {
  /** Oldest first, of windows from `from` to `to`, both included. */
  windows(pipeline: string, model: string, from: string, to: string): Promise<DriftWindow[]>;
}

/** Faults of a pipeline's data, as quality checks store them: volume, freshness, schema, values. */
export interface DataFindings {
  /** Of days from `from` to `to`, both included. */
  findings(pipeline: string, from: string, to: string): Promise<DataFinding[]>;
}

/** Starts the workflow that watches over retraining. */
export interface RetrainingLauncher {
  /** Once for each key. */
  watch(input: RetrainingWatchInput, key: string): Promise<void>;
  /** Makes the daily schedule what the code says. */
  schedule(): Promise<void>;
}
