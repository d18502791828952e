import type { Comparison, RolloutEvent, RolloutPlan, RolloutRecord, RolloutStatus } from '../../contracts/rollouts.ts';
import type { TrafficRoute } from '../../contracts/traffic.ts';
import type { GatesEvidence } from '../rollout/gates.ts';

/** A rollout with what its gates have gathered in the step. */
export interface RolloutState extends RolloutRecord {
  readonly evidence: GatesEvidence;
  /** Comparisons up to this one are in the evidence; a number as text. */
  readonly cursor: string;
}

/** A change of a rollout and of all that goes with it: done together or not at all. */
export interface RolloutChange {
  readonly rollout: Partial<
    Pick<RolloutState, 'status' | 'step' | 'stepSince' | 'readings' | 'evidence' | 'cursor' | 'reason' | 'finishedAt'>
  >;
  /** Routes of the model from now on, and whether answers are compared. */
  readonly traffic?: { readonly routes: readonly TrafficRoute[]; readonly compares: boolean };
  /** Makes the candidate the champion, served by its configuration; in a market, what makes its lists. */
  readonly promotes?: boolean;
  /** What is told of it; also in the audit log. */
  readonly event?: Omit<RolloutEvent, 'at'>;
}

export type NewRollout = Omit<RolloutRecord, 'status' | 'step' | 'stepSince' | 'revision' | 'readings' | 'finishedAt'>;

export interface RolloutRepository {
  /**
   * Stores rollouts of one version of a model, all or none, and links them with the retraining decision whose run made the version.
   * Those whose ids are there are given as they are. CONFLICT while another one of the model, or of a market, goes on, and when the
   * base of one no longer serves there.
   */
  create(rollouts: readonly NewRollout[]): Promise<RolloutRecord[]>;
  get(id: string): Promise<RolloutState | null>;
  /** Newest first. */
  list(
    filter: { readonly model?: string; readonly status?: RolloutStatus },
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ rollouts: RolloutRecord[]; next: string | null }>;
  /** Oldest first. */
  events(id: string): Promise<RolloutEvent[]>;
  /** Handed to nobody yet: created before `before` and still queued. */
  queued(before: Date, limit: number): Promise<RolloutRecord[]>;
  /** Applies a change to a rollout of this revision; false: it has changed meanwhile, and nothing is done. */
  change(id: string, revision: number, change: RolloutChange): Promise<boolean>;
  /** Keeps comparisons of rollouts that go on. */
  addComparisons(comparisons: readonly Comparison[]): Promise<void>;
  /**
   * Keeps comparisons of the step of a rollout that is under way, in the order given, but none of a request that the step has one of.
   *
   * @returns how many were kept.
   */
  addFirstComparisons(
    id: string,
    step: number,
    comparisons: readonly Omit<Comparison, 'rolloutId' | 'step'>[],
  ): Promise<number>;
  /** Whether comparisons are kept behind a cursor, also such as cannot be read yet: who writes at the same time may hide them for some seconds. */
  hasUnread(id: string, cursor: string): Promise<boolean>;
  /** Comparisons of a step, and labels of any step, after a cursor, in an order that stays, and the cursor behind them. */
  comparisons(
    id: string,
    step: number,
    cursor: string,
    limit: number,
  ): Promise<{ comparisons: Comparison[]; cursor: string }>;
  /** Removes comparisons of rollouts that ended before; the rollouts stay, with what their gates read. */
  forgetComparisons(endedBefore: Date): Promise<void>;
}

export interface RolloutRequest {
  readonly model: string;
  /** The candidate: a version, or an alias such as `challenger`. Default: the champion, to be served by another configuration. */
  readonly version?: number | string | undefined;
  /** The configuration by which the candidate is served; default: the one in force. */
  readonly configuration?: number | undefined;
  /** Markets in each of which it is brought in by a rollout of its own, of a model that makes lists. Default: all that have lists. */
  readonly markets?: readonly string[];
  /** What differs from the default plan. */
  readonly plan?: Partial<RolloutPlan>;
  readonly reason: string;
  /** The champion there must be; another one is a CONFLICT. Default: whichever there is. */
  readonly expected?: number | null;
  /** Names the request: the same again gives the rollouts it gave before. Default: each request is a new one. */
  readonly key?: string;
}

export interface RolloutStarter {
  /**
   * Starts a rollout, or one for each market of a model that makes lists, all or none. NOT_FOUND for a version, alias or
   * configuration that is not there; VALIDATION_FAILED for a plan that does not hold, for neither version nor configuration, markets of a
   * model that makes no lists, or a candidate that serves already wherever it is asked for; CONFLICT while the model has no champion, not the expected one, or another rollout there.
   */
  start(request: RolloutRequest, by: string): Promise<RolloutRecord[]>;
}

export interface RolloutLauncher {
  /** Starts the workflow of a rollout; starting it again changes nothing. */
  start(rollout: Pick<RolloutRecord, 'id'>): Promise<void>;
}
