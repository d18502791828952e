export const roles = ['viewer', 'operator', 'admin'] as const;
/** viewer reads; operator also starts and cancels; admin also manages keys. */
export type Role = (typeof roles)[number];

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
}

/** Who is signed in, and to what. */
export interface SignedIn {
  /** Name of the key. */
  readonly name: string;
  readonly role: Role;
  /** When the key expires; null: never. */
  readonly expiresAt: string | null;
  /** dev, qa or prod. */
  readonly environment: string;
  /** Of the code that runs. */
  readonly version: string;
}
