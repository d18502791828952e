import type { DecisionVerdict, TrainingOutcome } from '../../contracts/decisions.ts';
import type { DefinitionOrigin } from '../../contracts/definitions.ts';
import type { FilledPolicy, PolicyRecord, PolicyVersion } from '../../contracts/policies.ts';
import type { RetrainingWatchInput } from '../../contracts/retraining.ts';

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

/** A training as it is stored: of the run that made a version, or that a decision started. Times are ISO 8601. */
export interface StoredTraining {
  readonly runId: string;
  readonly at: string;
  readonly endedAt: string | null;
  readonly hours: number | null;
  readonly outcome: TrainingOutcome | null;
  readonly promotedAt: string | null;
  /** Rules of the decision that asked for it. */
  readonly rules: readonly string[];
  /** `asOf` of the version's lineage, else the day it was made. */
  readonly dataEnd: string | null;
  /** `rows` of the version's lineage. */
  readonly rows: number | null;
}

/** What decisions need to know of the past of a model. */
export interface TrainingHistory {
  /** Newest first: the newest `limit` of those that began before a time (default now). */
  trainings(model: string, filter: { readonly before?: Date; readonly limit: number }): Promise<StoredTraining[]>;
  /** Verdicts of a policy on a model by day; of several on a day the daily one's, else the last. `to` exclusive. */
  verdicts(policy: string, model: string, from: string, to: string): Promise<Map<string, DecisionVerdict>>;
}

/** Drift of a pipeline's data, as its monitor stores it. */
export interface DriftHistory {
  /** Oldest first, of windows from `from` to `to`, both included. */
  windows(
    pipeline: string,
    model: string,
    from: string,
    to: string,
  ): Promise<{ readonly day: string; readonly columns: number; readonly drifted: number }[]>;
}

/** Faults of a pipeline's data, as quality checks store them: volume, freshness, schema, values. */
export interface DataFindings {
  /** Of days from `from` to `to`, both included. */
  findings(
    pipeline: string,
    from: string,
    to: string,
  ): Promise<
    { readonly day: string; readonly kind: 'volume' | 'freshness' | 'schema' | 'values'; readonly text: string }[]
  >;
}

/** Starts the workflow that watches over retraining. */
export interface RetrainingLauncher {
  /** Once for each key. */
  watch(input: RetrainingWatchInput, key: string): Promise<void>;
  /** Makes the daily schedule what the code says. */
  schedule(): Promise<void>;
}
