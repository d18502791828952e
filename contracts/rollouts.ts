import type { JsonObject } from './json.ts';
import type { ServingVariant } from './traffic.ts';

/** What is compared between the candidate and the version that served before, pair by pair on the same requests. */
export const gateKinds = ['errors', 'latency', 'score', 'level'] as const;
/**
 * `errors`: share of requests that fail. `latency`: ratio of the times (geometric mean). `score`: a score of 0 to 1 of both
 * answers, of which more is better. `level`: such a score of the candidate alone, against what is expected of it.
 */
export type GateKind = (typeof gateKinds)[number];

export interface Gate {
  readonly name: string;
  readonly kind: GateKind;
  /** How much worse the candidate may be: a share of requests, a ratio of times, points of a score. */
  readonly tolerated: number;
  /** How much worse it must not be: a step ends only once this is ruled out. More than `tolerated`. */
  readonly harmful: number;
  /** Of the kind `level`: the score that is expected, 0 to 1. */
  readonly expected?: number;
  /** Whether a step may end without any value of it; default false. */
  readonly optional?: boolean;
  /** Whether it only takes the candidate back: no step waits for it; default false. */
  readonly guardOnly?: boolean;
}

export interface RolloutStep {
  /** Share of the callers that the candidate answers: 0 (shadow: its answers are compared, none is served) to 1. */
  readonly share: number;
  /** Seconds the step takes at least. */
  readonly minSeconds: number;
  /** Seconds after which a step whose gates have not decided ends as `onInconclusive` says. */
  readonly maxSeconds: number;
}

/** What becomes of a step whose gates have not decided in its time. */
export const inconclusiveActions = ['pause', 'roll-back', 'go-on'] as const;
export type InconclusiveAction = (typeof inconclusiveActions)[number];

export interface RolloutPlan {
  readonly steps: readonly RolloutStep[];
  readonly gates: readonly Gate[];
  /** Chance, at most, that a candidate that is not worse than tolerated is rolled back, over all steps and gates. */
  readonly falseAlarms: number;
  /** Chance, at most, that a step lets a harmful candidate pass. */
  readonly misses: number;
  readonly onInconclusive: InconclusiveAction;
  /** Requests answered by both a second and replica, at most. */
  readonly comparedPerSecond: number;
}

/** Answer of `GET /v1/models/:model/rollout-plan`: how versions of a model are rolled out where nothing else is said. */
export interface RolloutDefaults {
  readonly plan: RolloutPlan;
  /** Whether it makes lists of markets, each of which has a rollout of its own. */
  readonly makesLists: boolean;
  /** Those that have lists. */
  readonly markets: readonly string[];
}

export const rolloutStatuses = ['queued', 'running', 'paused', 'completed', 'rolled-back', 'aborted'] as const;
/** `aborted` by a person, `rolled-back` by a gate. */
export type RolloutStatus = (typeof rolloutStatuses)[number];
export const endedRollouts: ReadonlySet<RolloutStatus> = new Set(['completed', 'rolled-back', 'aborted']);

/** One gate as it stands in the step. */
export interface GateReading {
  readonly gate: string;
  /** Pairs that say something about it. */
  readonly count: number;
  /** How much worse the candidate is on average, in the unit of the gate; below 0 (ratio: below 1) it is better. */
  readonly difference: number | null;
  /** A candidate as good as tolerated shows this much against it with at most this chance, whenever one looks. */
  readonly chanceIfGood: number;
  /** A harmful candidate looks this good with at most this chance. */
  readonly chanceIfHarmful: number;
  readonly state: 'worse' | 'fine' | 'open';
  /** In words, with the numbers. */
  readonly text: string;
}

/** How far a gate had come with so many pairs of the step. */
export interface GatePoint {
  readonly at: string;
  readonly count: number;
  /** How much worse the candidate is on average, in the unit of the gate. */
  readonly difference: number;
  /**
   * Between these the true difference lies, whenever one looks, but for the chances that the plan gives false alarms (low) and misses
   * (high); null: nothing is ruled out on that side yet.
   */
  readonly low: number | null;
  readonly high: number | null;
}

/** A gate in the step under way, or the last one: what both versions measure, and how the evidence came in. */
export interface GateCourse {
  readonly gate: string;
  /** Mean of the pairs that say something: a share of failures, milliseconds (geometric), points of a score; null: none does. */
  readonly base: number | null;
  readonly candidate: number | null;
  /** Oldest first; the last one is the present. */
  readonly points: readonly GatePoint[];
}

/** Answer of `GET /v1/rollouts/:id/gates`. */
export interface GateCourses {
  readonly step: number;
  readonly gates: readonly GateCourse[];
  /** Pairs that were read. */
  readonly pairs: number;
  /** There are more, which are not in here. */
  readonly more: boolean;
}

export interface RolloutRecord {
  readonly id: string;
  readonly model: string;
  /** The market whose lists it is about, of a model that makes lists; '': all callers. */
  readonly market: string;
  /** The candidate: a version, and how it is served. */
  readonly version: number;
  readonly configuration: number;
  /** What served when the rollout began, to which it goes back. */
  readonly base: number;
  readonly baseConfiguration: number;
  readonly plan: RolloutPlan;
  readonly status: RolloutStatus;
  /** Place of the step under way, from 0. */
  readonly step: number;
  readonly stepSince: string | null;
  /** Counts the changes of the record. */
  readonly revision: number;
  readonly readings: readonly GateReading[];
  /** Why it stands as it does, in a sentence. */
  readonly reason: string;
  readonly by: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

export const candidateOf = ({
  version,
  configuration,
}: Pick<RolloutRecord, 'version' | 'configuration'>): ServingVariant => ({ version, configuration });

export const baseOf = ({
  base: version,
  baseConfiguration: configuration,
}: Pick<RolloutRecord, 'base' | 'baseConfiguration'>): ServingVariant => ({ version, configuration });

export interface RolloutEvent {
  readonly at: string;
  readonly type: string;
  readonly by: string;
  readonly text: string;
  readonly data: JsonObject;
}

/** An answer, as far as it is compared. */
export interface ComparedAnswer {
  /** Code of the error; null: none. */
  readonly error: string | null;
  /** Null: the request was compared before, and this only brings scores that came late. */
  readonly ms: number | null;
  /** Scores of 0 to 1 by name. */
  readonly scores: Readonly<Record<string, number>>;
}

/** Name of the score of an answer against its correction: chrF, 0 to 1. */
export const correctionScore = 'correction';

/** The same request, answered by both versions. */
export interface Comparison {
  readonly rolloutId: string;
  /** Place of the step at the time. */
  readonly step: number;
  readonly at: string;
  readonly requestId: string;
  readonly served: 'base' | 'candidate';
  readonly base: ComparedAnswer;
  readonly candidate: ComparedAnswer;
}

/** What a person says to a rollout. */
export const rolloutCommands = ['pause', 'resume', 'skip', 'abort'] as const;
export type RolloutCommand = (typeof rolloutCommands)[number];

export interface RolloutInput {
  readonly rolloutId: string;
}

/** The activity of the workflow `rollout`. */
export interface RolloutActivities {
  /**
   * Watches a rollout until its step or status has changed; says whether it has ended. One of a market, whose outcomes come in by the
   * day, is looked at once: `waitSeconds` says when again. Safe to repeat, also at the same time.
   */
  watchRollout(rolloutId: string): Promise<{ readonly ended: boolean; readonly waitSeconds?: number }>;
}
