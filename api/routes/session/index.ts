import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import type { SignedIn } from '../../../contracts/keys.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { authenticate, keyInHeader, keyOf, refuseEnded } from '../../plugins/auth.ts';
import { endSession, openSession } from '../../plugins/sessions.ts';

/** Signing a browser in and out. */
export function sessionRoutes(app: App, deps: AppDependencies): void {
  const { clock, environment, code, audit } = deps;
  const signedIn = ({ apiKey }: FastifyRequest): SignedIn => ({
    name: apiKey?.name ?? '',
    role: apiKey?.role ?? 'viewer',
    expiresAt: apiKey?.expiresAt ?? null,
    environment,
    version: code.version,
  });

  app.post(
    '/v1/session',
    {
      schema: {
        tags: ['keys'],
        summary: 'Sign a browser in with a key: the answer sets a cookie that stands for it',
        body: Type.Object({ key: Type.String({ minLength: 1, maxLength: 200 }) }, { additionalProperties: false }),
      },
    },
    async (request, reply) => {
      const key = await keyOf(deps, request.body.key.trim());
      refuseEnded(key, clock.now());
      await openSession(deps, reply, key);
      await audit.write({ actor: key.name, action: 'session.open', subject: key.id, detail: {} });
      request.apiKey = key;
      return reply.status(201).send(signedIn(request));
    },
  );

  app.get(
    '/v1/session',
    { schema: { tags: ['keys'], summary: 'Who is signed in, and to what; 204 when nobody is' } },
    async (request, reply) => {
      try {
        await authenticate(deps, request, keyInHeader(request), 'viewer');
      } catch (error) {
        // A browser reports refused requests as faults of the page, and being signed out is none.
        if (error instanceof PerennialError && error.status === 401) return reply.status(204).send();
        throw error;
      }
      return signedIn(request);
    },
  );

  app.delete('/v1/session', { schema: { tags: ['keys'], summary: 'Sign a browser out' } }, async (request, reply) => {
    await endSession(deps, request, reply);
    return reply.status(204).send();
  });
}
