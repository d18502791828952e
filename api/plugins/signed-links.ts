import { createHmac, timingSafeEqual } from 'node:crypto';
import { PerennialError } from '../../contracts/errors.ts';

/** How long a link works. */
const lifetimeMs = 7 * 86_400_000;

export interface SignedLinks {
  /** A link to `path` that needs no key until `expiresAt` (ISO 8601). */
  sign(path: string): { url: string; expiresAt: string };
  /** @throws FORBIDDEN for a signature that is not ours or no longer holds. */
  check(path: string, given: { expires: string; signature: string }): void;
}

/**
 * Links for browsers, which send no key: whoever has one may read this one thing for a week.
 *
 * @param secret of the installation; a key of its own is derived from it.
 */
export function signedLinks(secret: Uint8Array, now: () => Date): SignedLinks {
  const key = createHmac('sha256', secret).update('perennial signed links').digest();
  const signatureOf = (path: string, expires: string): Buffer =>
    createHmac('sha256', key).update(`${path}\n${expires}`).digest();
  return {
    sign(path) {
      const expiresAt = new Date(now().getTime() + lifetimeMs).toISOString();
      const query = new URLSearchParams({
        expires: expiresAt,
        signature: signatureOf(path, expiresAt).toString('base64url'),
      });
      return { url: `${path}?${query}`, expiresAt };
    },
    check(path, { expires, signature }) {
      const [wanted, given] = [signatureOf(path, expires), Buffer.from(signature, 'base64url')];
      const isOurs = given.length === wanted.length && timingSafeEqual(given, wanted);
      if (isOurs && Date.parse(expires) > now().getTime()) return;
      throw new PerennialError(
        'FORBIDDEN',
        isOurs ? `The link has expired on ${expires}.` : 'The signature of the link is not valid.',
        { remedy: 'Ask for a new link, or send an API key.' },
      );
    },
  };
}
