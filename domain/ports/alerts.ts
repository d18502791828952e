import type {
  Alert,
  AlertChange,
  AlertDefinition,
  AlertDefinitionRecord,
  AlertSeverity,
  AlertState,
  Silence,
  SilenceMatch,
} from '../../contracts/alerts.ts';
import type { DefinitionOrigin } from '../../contracts/definitions.ts';
import type { NotificationContent } from '../../contracts/notifications.ts';

export interface NewAlertDefinition {
  readonly definition: AlertDefinition;
  readonly origin: DefinitionOrigin;
  readonly hash: string;
}

export interface AlertDefinitionRepository {
  /** By id. */
  list(): Promise<AlertDefinitionRecord[]>;
  get(id: string): Promise<AlertDefinitionRecord | null>;
  /** CONFLICT when the id is taken. */
  create(definition: NewAlertDefinition, now: Date): Promise<AlertDefinitionRecord>;
  /** Its next version. NOT_FOUND. */
  replace(definition: NewAlertDefinition, now: Date): Promise<AlertDefinitionRecord>;
  /** NOT_FOUND. */
  setEnabled(id: string, enabled: boolean, note: string, now: Date): Promise<AlertDefinitionRecord>;
  /** False when there is none. */
  remove(id: string): Promise<boolean>;
}

/** An alert with the number of its changes. */
export interface StoredAlert {
  readonly alert: Alert;
  readonly version: number;
  /** Where its trace goes on; null: nobody traced it. */
  readonly traceparent: string | null;
}

/** A message that is stored with a change of an alert. `dedupe` names it: the same is written once. */
export interface NewNotification {
  readonly channel: string;
  readonly dedupe: string;
  readonly title: string;
  readonly content: NotificationContent;
}

export interface AlertFilter {
  /** Default: any. */
  readonly states?: readonly AlertState[];
  readonly pipeline?: string;
  readonly market?: string;
  readonly definition?: string;
  readonly severity?: AlertSeverity;
}

export interface AlertRepository {
  /**
   * Takes the next round of looking at conditions, if the last was taken at least `everyMs` ago: of several processes
   * one gets it. A round whose process dies is taken up by the next.
   */
  claimRound(by: string, everyMs: number): Promise<boolean>;
  /** The last round; null: there was none. `ageMs` by the clock of the database. */
  lastRound(): Promise<{ readonly at: string; readonly by: string; readonly ageMs: number } | null>;
  /** All that are not resolved. */
  open(): Promise<StoredAlert[]>;
  /** When a person last resolved an alert of a definition and key, by `definition/key`; only those since `from`. */
  resolvedByHand(from: Date): Promise<ReadonlyMap<string, string>>;
  get(id: string): Promise<StoredAlert | null>;
  /** Newest first. */
  list(
    filter: AlertFilter,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ alerts: Alert[]; next: string | null }>;
  /** Oldest first. */
  changes(id: string): Promise<AlertChange[]>;
  /**
   * Writes an alert with what became of it and whom that is told, in one transaction, if nobody has changed it since
   * `version` (0: it is new, and none of its definition and key is open). `now` is when the messages were written.
   *
   * @param cause where the trace of what it is about goes on; the messages are part of it. Default: what is under way.
   * @returns whether it was written.
   */
  save(
    alert: Alert,
    version: number,
    changes: readonly AlertChange[],
    notifications: readonly NewNotification[],
    now: Date,
    cause?: string,
  ): Promise<boolean>;
  /** Removes alerts resolved before that; returns how many. */
  forget(before: Date, limit: number): Promise<number>;

  /** Those in force first, then by their end. */
  silences(filter: { readonly activeAt?: Date }): Promise<Silence[]>;
  createSilence(silence: {
    readonly match: SilenceMatch;
    readonly until: Date;
    readonly by: string;
    readonly reason: string;
    readonly now: Date;
  }): Promise<Silence>;
  /** Ends it now; null when there is none or it is over. */
  endSilence(id: string, now: Date): Promise<Silence | null>;
}
