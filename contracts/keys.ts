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
