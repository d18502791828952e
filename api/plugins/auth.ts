import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PerennialError } from '../../contracts/errors.ts';
import { type ApiKey, type Role, roles } from '../../contracts/keys.ts';
import type { AppDependencies } from '../dependencies.ts';
import { hashOf, newSecret } from './secrets.ts';
import { sessionOf } from './sessions.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Least role of a caller; absent: open to all. */
    role?: Role;
  }
  interface FastifyRequest {
    apiKey: ApiKey | null;
  }
}

/** `lastUsedAt` is written at most this often. */
const touchMs = 60_000;

/** A new secret key and the hash that is kept of it. */
export function newKey(): { key: string; hash: string } {
  const key = `prn_${newSecret()}`;
  return { key, hash: hashOf(key) };
}

type Known = Pick<AppDependencies, 'keys' | 'clock'> & Partial<Pick<AppDependencies, 'sessions'>>;

/** Checks the key of every route that states a role, unless one of our own processes calls. */
export function auth(app: FastifyInstance, deps: Known): void {
  app.decorateRequest('apiKey', null);
  app.addHook('onRequest', async (request) => {
    const { role } = request.routeOptions.config;
    if (role && request.ownCallFor === null) await authenticate(deps, request, keyInHeader(request), role);
  });
}

/** The key in `x-api-key` or `authorization`; DeepL's clients have a scheme of their own. */
export function keyInHeader({ headers }: FastifyRequest): string | undefined {
  const given = headers['x-api-key'] ?? headers.authorization?.replace(/^(?:Bearer|DeepL-Auth-Key)\s+/i, '');
  return Array.isArray(given) ? given[0] : given;
}

/** Knows the caller by a key, else by the session of its browser, and checks the role. UNAUTHENTICATED, KEY_EXPIRED, FORBIDDEN. */
export async function authenticate(
  deps: Known,
  request: FastifyRequest,
  given: string | undefined,
  role: Role,
): Promise<void> {
  const { keys, clock } = deps;
  const bySession = !given && deps.sessions ? await sessionOf({ ...deps, sessions: deps.sessions }, request) : null;
  const key = bySession ?? (await keyOf(deps, given));
  refuseEnded(key, clock.now());
  if (roles.indexOf(key.role) < roles.indexOf(role)) {
    throw new PerennialError('FORBIDDEN', `The key "${key.name}" has the role ${key.role}; this needs ${role}.`, {
      remedy: `Use a key with the role ${role}; an administrator makes one with \`perennial keys create\`.`,
    });
  }
  request.apiKey = key;
  const used = key.lastUsedAt === null ? 0 : Date.parse(key.lastUsedAt);
  if (clock.now().getTime() - used > touchMs) await keys.touch(key.id);
}

/** The key of a secret; it may be revoked, or have expired. UNAUTHENTICATED when there is none. */
export async function keyOf({ keys }: Pick<AppDependencies, 'keys'>, given: string | undefined): Promise<ApiKey> {
  if (!given) {
    throw new PerennialError('UNAUTHENTICATED', 'This needs an API key.', {
      remedy:
        'Send the header `authorization: Bearer prn_…`. The first start writes an administrator’s key to admin.key in its home.',
    });
  }
  const key = await keys.byHash(hashOf(given));
  if (key) return key;
  throw new PerennialError('UNAUTHENTICATED', 'The API key is not known here.', {
    remedy: 'Check that it is whole, and made on this installation.',
  });
}

/** UNAUTHENTICATED for a key that was revoked, KEY_EXPIRED for one that has expired. */
export function refuseEnded({ name, revokedAt, expiresAt }: ApiKey, now: Date): void {
  const remedy = 'Ask an administrator for a new one.';
  if (revokedAt !== null)
    throw new PerennialError('UNAUTHENTICATED', `The key "${name}" was revoked on ${revokedAt}.`, { remedy });
  if (expiresAt !== null && Date.parse(expiresAt) <= now.getTime())
    throw new PerennialError('KEY_EXPIRED', `The key "${name}" expired on ${expiresAt}.`, { remedy });
}
