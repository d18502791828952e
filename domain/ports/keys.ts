import type { AuditRecord } from '../../contracts/audit.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { ApiKey, Role } from '../../contracts/keys.ts';

/** API keys; only hashes are kept. */
export interface KeyRepository {
  /** Stores a key by its sha256 (hex). */
  create(key: { name: string; role: Role; hash: string; expiresAt: Date | null }): Promise<ApiKey>;
  byHash(hash: string): Promise<ApiKey | null>;
  list(): Promise<ApiKey[]>;
  /** False when there is no such key. */
  revoke(id: string): Promise<boolean>;
  touch(id: string): Promise<void>;
  count(): Promise<number>;
}

/** Sessions of browsers, by hashes of their secrets; each acts as the key it was opened with. */
export interface SessionRepository {
  open(session: { readonly hash: string; readonly keyId: string }): Promise<void>;
  /** The key of a session that was seen since `seenSince`, and when that was; null when there is none. */
  find(hash: string, seenSince: Date): Promise<{ readonly key: ApiKey; readonly lastSeenAt: string } | null>;
  touch(hash: string): Promise<void>;
  /** Ending one that is gone is no error. */
  end(hash: string): Promise<void>;
  /** Removes those that were not seen since `seenSince`; says how many. */
  forget(seenSince: Date): Promise<number>;
}

/** What is looked for in the audit log; all that is given must hold. */
export interface AuditFilter {
  readonly actor?: string;
  /** `*` stands for any text: `run.*`. */
  readonly action?: string;
  /** `*` stands for any text. */
  readonly subject?: string;
  /** First and last time, the last one not included. */
  readonly from?: Date;
  readonly to?: Date;
  readonly limit: number;
  readonly cursor?: string;
}

export interface AuditLog {
  write(entry: { actor: string; action: string; subject: string; detail: JsonObject }): Promise<void>;
  /** Newest first. */
  list(filter: AuditFilter): Promise<{ entries: AuditRecord[]; next: string | null }>;
}
