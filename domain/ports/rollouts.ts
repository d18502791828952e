import type { Comparison, RolloutEvent, RolloutRecord, RolloutStatus } from '../../contracts/rollouts.ts';
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
  /** Makes the candidate the champion, served by its configuration. */
  readonly promotes?: boolean;
  /** What is told of it; also in the audit log. */
  readonly event?: Omit<RolloutEvent, 'at'>;
}

export interface RolloutRepository {
  /**
   * Stores a rollout. CONFLICT while another one of the model goes on, or when its base no longer is what serves.
   */
  create(
    rollout: Omit<RolloutRecord, 'status' | 'step' | 'stepSince' | 'revision' | 'readings' | 'finishedAt'>,
  ): Promise<RolloutRecord>;
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

export interface RolloutLauncher {
  /** Starts the workflow of a rollout; starting it again changes nothing. */
  start(rollout: Pick<RolloutRecord, 'id'>): Promise<void>;
}
