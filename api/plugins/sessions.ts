import type { FastifyReply, FastifyRequest } from 'fastify';
import { PerennialError } from '../../contracts/errors.ts';
import type { ApiKey } from '../../contracts/keys.ts';
import type { AppDependencies } from '../dependencies.ts';
import { hashOf, newSecret } from './secrets.ts';

/** Cookie of a browser that somebody signed in with a key. */
export const sessionCookie = 'perennial_session';
/** A session ends when it was not used for so long. */
export const sessionIdleMs = 7 * 86_400_000;
/** `lastSeenAt` is written at most this often. */
const touchMs = 60_000;

type Sessions = Pick<AppDependencies, 'sessions' | 'clock'>;

/**
 * Signs a browser in as the holder of a key, by a cookie that scripts cannot read and other sites cannot send. The key
 * itself does not stay in the browser.
 */
export async function openSession({ sessions }: Sessions, reply: FastifyReply, { id }: ApiKey): Promise<void> {
  const secret = newSecret();
  await sessions.open({ hash: hashOf(secret), keyId: id });
  reply.setCookie(sessionCookie, secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: 'auto',
    maxAge: sessionIdleMs / 1000,
  });
}

/**
 * The key a browser is signed in with; null when it is not. FORBIDDEN for a change that another site asks for: a cookie
 * is sent to every port of a host, a page on another port of which is no page of ours.
 */
export async function sessionOf({ sessions, clock }: Sessions, request: FastifyRequest): Promise<ApiKey | null> {
  const secret = request.cookies[sessionCookie];
  if (!secret) return null;
  const hash = hashOf(secret);
  const now = clock.now().getTime();
  const session = await sessions.find(hash, new Date(now - sessionIdleMs));
  if (!session) return null;
  if (!['GET', 'HEAD'].includes(request.method) && !isOwnPage(request)) {
    throw new PerennialError('FORBIDDEN', 'The request comes from another site than the one that was signed in to.', {
      remedy: 'Use the dashboard of this address, or send an API key.',
    });
  }
  if (now - Date.parse(session.lastSeenAt) > touchMs) await sessions.touch(hash);
  return session.key;
}

/** Signs a browser out; one that is not signed in is no error. */
export async function endSession(
  { sessions }: Pick<AppDependencies, 'sessions'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const secret = request.cookies[sessionCookie];
  if (secret) await sessions.end(hashOf(secret));
  reply.clearCookie(sessionCookie, { path: '/' });
}

/** By what browsers themselves say of a request; those before 2023 say only the origin. */
function isOwnPage({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
