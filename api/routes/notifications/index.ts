import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import { notificationStates } from '../../../contracts/notifications.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { Limit } from '../../schemas.ts';

const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const NotificationParams = Type.Object({ id: Id });

export function notificationRoutes(app: App, { notifications, audit }: AppDependencies): void {
  const viewer = { role: 'viewer' } as const;
  const operator = { role: 'operator' } as const;
  const tags = ['notifications'];
  const unknown = (id: number): PerennialError =>
    new PerennialError('NOT_FOUND', `There is no message ${id}.`, { remedy: 'GET /v1/notifications lists them.' });

  app.get(
    '/v1/notifications',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'Messages, newest first, with what became of them; `state=failed`: those that were given up',
        querystring: Type.Object(
          {
            state: Type.Optional(Type.Union(notificationStates.map((state) => Type.Literal(state)))),
            channel: Type.Optional(Type.String({ maxLength: 63 })),
            before: Type.Optional(Id),
            limit: Type.Optional(Limit),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { limit = 50, ...filter } = request.query;
      const found = await notifications.list({ ...filter, limit });
      return { notifications: found, next: found.length === limit ? (found.at(-1)?.id ?? null) : null };
    },
  );

  app.get(
    '/v1/notifications/:id',
    { config: viewer, schema: { tags, summary: 'A message with what it says', params: NotificationParams } },
    async (request) => {
      const found = await notifications.get(request.params.id);
      if (!found) throw unknown(request.params.id);
      return found;
    },
  );

  app.post(
    '/v1/notifications/:id/resend',
    {
      config: operator,
      schema: { tags, summary: 'Send a message again that was given up, or sent', params: NotificationParams },
    },
    async (request, reply) => {
      const { id } = request.params;
      const isQueued = await notifications.again(id);
      const found = await notifications.get(id);
      if (!found) throw unknown(id);
      if (!isQueued) {
        throw new PerennialError('CONFLICT', `The message ${id} waits to be sent as it is.`, {
          remedy: 'Look at it again in a moment.',
        });
      }
      await audit.write({
        actor: request.apiKey?.name ?? '',
        action: 'notification.resend',
        subject: String(id),
        detail: { channel: found.channel },
      });
      return reply.status(202).send(found);
    },
  );
}
