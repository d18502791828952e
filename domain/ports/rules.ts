import type { CloudEvent } from '../../contracts/events.ts';
import type {
  EventRef,
  RuleActionRecord,
  RuleDefinition,
  RuleEvaluation,
  RuleOutcome,
  RuleRecord,
} from '../../contracts/rules.ts';

/** What a rule knows of a group. Times are ISO 8601 UTC. */
export interface RuleGroupState {
  /** The newest event of each pattern that has not been used. */
  readonly held: Readonly<Record<string, CloudEvent>>;
  /** The newest event that fired; what is not after it came too late. */
  readonly usedUntil: EventRef | null;
  /** From when the deadline counts: the first event since the group fired or missed a deadline. */
  readonly since: string | null;
  readonly deadlineAt: string | null;
  readonly lastFiredAt: string | null;
  /** Absence: patterns whose silence was acted on, or, with `at`, whose presence was. */
  readonly told: readonly string[];
}

/** An evaluation before it is stored. */
export type NewEvaluation = Omit<RuleEvaluation, 'id' | 'rule' | 'version'>;

/** What a look at a group leads to. */
export interface GroupChange {
  readonly state: RuleGroupState;
  readonly evaluations: readonly NewEvaluation[];
}

export interface NewRule {
  readonly definition: RuleDefinition;
  readonly hash: string;
  readonly pipeline: string | null;
  /** Groups that are expected from the start: key and state. */
  readonly groups: readonly { readonly key: string; readonly state: RuleGroupState }[];
}

/** Rules and what they have gathered. `now` stands in records for the time of the change. */
export interface RuleRepository {
  list(): Promise<RuleRecord[]>;
  get(id: string): Promise<RuleRecord | null>;
  /** Makes a rule, enabled. CONFLICT when the id is taken. */
  create(rule: NewRule, now: Date): Promise<RuleRecord>;
  /** Replaces the definition and begins with new groups; stays enabled or not. NOT_FOUND. */
  replace(rule: NewRule, now: Date): Promise<RuleRecord>;
  /** A rule that is enabled begins with new groups. NOT_FOUND. */
  setEnabled(id: string, enabled: boolean, note: string, groups: NewRule['groups'], now: Date): Promise<RuleRecord>;
  /** Removes a rule with its groups and evaluations; false when there is none. */
  remove(id: string): Promise<boolean>;
  /** Groups by key, after a key. */
  groups(
    id: string,
    filter: { readonly key?: string; readonly after?: string; readonly limit: number },
  ): Promise<{ key: string; state: RuleGroupState; updatedAt: string }[]>;
  /** Newest first; `next` goes on where the page ended. */
  evaluations(
    id: string,
    filter: {
      readonly outcome?: RuleOutcome;
      readonly key?: string;
      readonly cursor?: string;
      readonly limit: number;
    },
  ): Promise<{ evaluations: RuleEvaluation[]; next: string | null }>;
}

/** What a rule looks at in a group: an event, or a deadline. */
export type RuleSubject = { readonly event: CloudEvent } | { readonly deadlineAt: string };

/** The work of rules: each look at a group is one transaction. */
export interface RuleLedger {
  /** Enabled rules with a pattern for a type of event. */
  forType(type: string): Promise<RuleRecord[]>;
  /** How many rules have fired one after another up to an event. */
  depthOf(event: CloudEvent): Promise<number>;
  /**
   * Holds a group, lets `look` decide, and stores what it says together with the events `rule.fired` and `alert.raised`
   * of its evaluations. A look at the same event, or at a deadline that is not the group's any more, is left out: then,
   * and when the rule was changed, disabled or removed since, there are no evaluations.
   *
   * @param look is given null for a group never seen.
   */
  evaluate(
    rule: RuleRecord,
    key: string,
    subject: RuleSubject,
    look: (state: RuleGroupState | null) => GroupChange,
  ): Promise<RuleEvaluation[]>;
  /** Stores an evaluation that concerns no group: the event matched nothing. Once for each event. */
  note(rule: RuleRecord, evaluation: NewEvaluation): Promise<void>;
  /**
   * Groups of enabled rules whose deadline has passed, earliest first; without those with a deadline after `patience`
   * for which an event stored before it has yet to be delivered.
   */
  due(now: Date, patience: Date, limit: number): Promise<{ rule: RuleRecord; key: string; deadlineAt: string }[]>;
  /** Evaluations with actions still to do that nobody has tried to do since. */
  unfinished(now: Date, limit: number): Promise<RuleEvaluation[]>;
  /** Keeps what became of actions. `retryAt` null: nothing is left to do. */
  acted(evaluation: string, actions: readonly RuleActionRecord[], retryAt: Date | null): Promise<void>;
  /** Removes evaluations older than that with nothing left to do; returns how many. */
  forget(before: Date, limit: number): Promise<number>;
  /**
   * Removes groups of a rule that have no deadline and that nothing has happened to since; returns how many.
   *
   * @param withEvents also those that hold events, which are too old to count.
   */
  forgetGroups(rule: string, before: Date, withEvents: boolean): Promise<number>;
}
