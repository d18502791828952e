import type { JsonObject } from './json.ts';

/** What somebody did. */
export interface AuditRecord {
  readonly id: number;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Name of the key, or of the part of the installation that did it. */
  readonly actor: string;
  /** Such as `run.cancel`. */
  readonly action: string;
  /** Id of what it was done to; '' when it was several things. */
  readonly subject: string;
  readonly detail: JsonObject;
}

/** `GET /v1/audit`, newest first. */
export interface AuditPage {
  readonly entries: readonly AuditRecord[];
  /** The cursor of the next page; null: this is the last. */
  readonly next: string | null;
}
