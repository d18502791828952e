import { createHash, randomBytes } from 'node:crypto';

/** A secret of 192 random bits, for a header or a cookie. */
export function newSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** What is kept of a secret, as hexadecimal: it has so many random bits that a slow hash would protect nothing further. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
