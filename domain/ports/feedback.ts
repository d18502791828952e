import type { AnswerQuality, FeedbackDay, FeedbackRecord, LoggedPrediction } from '../../contracts/feedback.ts';

/** What translation has answered, for a bounded time. */
export interface PredictionLog {
  /** Keeps answers; one that is there already stays. */
  add(predictions: readonly LoggedPrediction[]): Promise<void>;
  /** All answers for a text of a request: those that were given, newest first, then those that were only compared. */
  find(requestId: string, index: number): Promise<LoggedPrediction[]>;
  /**
   * Answers of a version that were given from `from` to before `to` (whole days, UTC), at most `perDay` of each day, drawn by a hash
   * so that the same are drawn again; oldest day first.
   */
  sample(filter: {
    readonly model: string;
    readonly modelVersion: number;
    readonly from: Date;
    readonly to: Date;
    readonly perDay: number;
  }): Promise<LoggedPrediction[]>;
  /** When a version gave its first answer of those that are kept; null: it gave none. */
  firstAnswer(model: string, modelVersion: number): Promise<Date | null>;
  /** Makes room for today and tomorrow (UTC), and drops days that ended more than `keepMs` ago. */
  turnOver(now: Date, keepMs: number): Promise<{ made: string[]; dropped: string[] }>;
}

export type NewFeedback = Omit<FeedbackRecord, 'entry' | 'fault' | 'prediction'>;

/** A correction with the answer that it corrects. */
export interface JoinableFeedback {
  readonly feedback: FeedbackRecord;
  readonly prediction: LoggedPrediction;
}

export interface JoinedFeedback extends JoinableFeedback {
  readonly quality: AnswerQuality;
}

/** A correction of a request that both versions of a rollout have answered. */
export interface LabelledPair {
  readonly feedback: string;
  readonly rolloutId: string;
  readonly correction: string;
  readonly base: string;
  readonly candidate: string;
}

export type EnteredFeedback = Pick<FeedbackRecord, 'id' | 'correction'> &
  ({ readonly memory: string; readonly entry: string } | { readonly fault: string });

/** What is looked for: corrections by their ids, or all that came since a time. */
export type FeedbackScope = { readonly ids: readonly string[] } | { readonly since: Date; readonly limit: number };

export interface FeedbackRepository {
  /** Keeps corrections; another correction of the same answer takes the place of the one before. */
  receive(feedback: readonly NewFeedback[]): Promise<void>;
  get(ids: readonly string[]): Promise<FeedbackRecord[]>;
  /** Those without an answer whose answer is logged by now. */
  joinable(scope: FeedbackScope): Promise<JoinableFeedback[]>;
  saveJoined(joined: readonly JoinedFeedback[], now: Date): Promise<void>;
  /** Those that are in no memory though all that it takes is known. */
  enterable(scope: FeedbackScope): Promise<FeedbackRecord[]>;
  /** Says which entry corrections have become, or why none takes them. */
  saveEntered(entered: readonly EnteredFeedback[]): Promise<void>;
  /** Corrections of answers in rollouts that go on, not yet scored, for which both versions' answers are logged. */
  labelable(limit: number): Promise<LabelledPair[]>;
  /**
   * Keeps the scores (0..1) of both versions' answers against a correction. Together with one of an answer that the other
   * version gave it becomes evidence of the rollout, else it waits for one. Done once for each correction.
   */
  saveLabel(feedback: string, scores: { readonly base: number; readonly candidate: number }, now: Date): Promise<void>;
  /** Days of versions by the day of the answers, from `from` to before `to` (YYYY-MM-DD), newest first. */
  days(filter: {
    readonly from: string;
    readonly to: string;
    readonly model?: string;
    readonly modelVersion?: number;
  }): Promise<FeedbackDay[]>;
  /** Days (YYYY-MM-DD) whose answers corrections were joined to since a time. */
  joinedDays(since: Date): Promise<string[]>;
  /** Removes corrections that came before. */
  forget(before: Date): Promise<void>;
}
