import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import { roles } from '../../../contracts/keys.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { newKey } from '../../plugins/auth.ts';
import { IdParams } from '../../schemas.ts';

export function keyRoutes(app: App, { keys, audit, clock }: AppDependencies): void {
  const admin = { role: 'admin' } as const;

  app.get('/v1/keys', { config: admin, schema: { tags: ['keys'], summary: 'List API keys' } }, async () => ({
    keys: await keys.list(),
  }));

  app.post(
    '/v1/keys',
    {
      config: admin,
      schema: {
        tags: ['keys'],
        summary: 'Make an API key; the answer is the only place it is shown',
        body: Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 100 }),
            role: Type.Union(roles.map((role) => Type.Literal(role))),
            days: Type.Optional(
              Type.Integer({ minimum: 1, maximum: 3650, description: 'Days until it expires; absent: never.' }),
            ),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const { name, role, days } = request.body;
      const { key, hash } = newKey();
      const expiresAt = days === undefined ? null : new Date(clock.now().getTime() + days * 86_400_000);
      const stored = await keys.create({ name, role, hash, expiresAt });
      await audit.write({
        actor: request.apiKey?.name ?? '',
        action: 'key.create',
        subject: stored.id,
        detail: { name, role },
      });
      return reply.status(201).send({ ...stored, key });
    },
  );

  app.delete(
    '/v1/keys/:id',
    { config: admin, schema: { tags: ['keys'], summary: 'Revoke an API key', params: IdParams } },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await keys.revoke(id)))
        throw new PerennialError('NOT_FOUND', `There is no key "${id}".`, { remedy: 'GET /v1/keys lists them.' });
      await audit.write({ actor: request.apiKey?.name ?? '', action: 'key.revoke', subject: id, detail: {} });
      return reply.status(204).send();
    },
  );
}
