import type { NewOutcome, OutcomeBin, OutcomeRecord, ToldOutcome } from '../../contracts/outcomes.ts';

/** Outcomes of like predicted chance, of offers that were made or held out. */
export interface OutcomeCell extends OutcomeBin {
  readonly market: string;
  readonly modelVersion: number;
  readonly holdout: boolean;
  /** Sum of the squared distances of chance and outcome. */
  readonly squares: number;
}

/** Outcomes of offers that were made, of like predicted chance. */
export interface ReliabilityCell {
  readonly rows: number;
  readonly sold: number;
  readonly lowest: number;
  readonly highest: number;
  /** Mean chance. */
  readonly predicted: number;
}

/** Offers of a market that were made; those of a version of the response, or of all. */
export interface ReliabilityFilter extends OutcomeFilter {
  readonly market: string;
  readonly modelVersion?: number;
}

export interface OutcomeFilter {
  /** Days of the offers, YYYY-MM-DD, the last one not included. */
  readonly from: string;
  readonly to: string;
  readonly market?: string;
}

/** Outcomes of offers, joined to the chosen offers that they are of, now or when these are known. */
export interface OutcomeRepository {
  /** Inserts or replaces by id; the records in the order given. */
  save(outcomes: readonly NewOutcome[], by: string, now: Date): Promise<OutcomeRecord[]>;
  /** Replaces what files have told of a day. `sha256` names what they told. */
  replaceDay(date: string, outcomes: readonly NewOutcome[], sha256: string, now: Date): Promise<void>;
  /** Days that files have told of, with what names it. */
  fileDays(): Promise<Map<string, string>>;
  /** Days of offers whose outcomes the API has taken, oldest first, and those of a day. */
  apiDays(): Promise<string[]>;
  ofApi(date: string): Promise<OutcomeRecord[]>;
  /** Outcomes of a customer's offers, newest day first. */
  ofCustomer(customerId: string, limit: number): Promise<ToldOutcome[]>;
  /** Joins outcomes whose offers were chosen later than they came. @returns how many. */
  join(now: Date): Promise<number>;
  /** Ten cells of equal mass by market, version and holdout, by rising chance. */
  cells(filter: OutcomeFilter): Promise<OutcomeCell[]>;
  /** At most ten cells of equal mass, of `least` outcomes or more each where there are as many, by rising chance. */
  reliability(filter: ReliabilityFilter, least: number): Promise<ReliabilityCell[]>;
  /** Offers chosen to be made, by market and version. */
  chosen(filter: OutcomeFilter): Promise<{ market: string; modelVersion: number; offers: number }[]>;
  /** Days of the offers whose outcomes were joined since a time. */
  joinedDays(since: Date): Promise<string[]>;
  /** Removes outcomes of offers of before a day. */
  forget(before: string): Promise<void>;
}
