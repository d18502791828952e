import { Type } from 'typebox';
import { ChannelSettingsSchema, channelKinds } from '../../../contracts/notifications.ts';
import { createChannelService } from '../../../domain/notifications/index.ts';
import type { App } from '../../app-type.ts';
import { auditOf } from '../../definitions.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams } from '../../schemas.ts';

const ChannelId = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'Lower-case words joined by dashes.' });
const Url = Type.String({ minLength: 1, maxLength: 2000, description: 'Address of the webhook; kept encrypted.' });

export function channelRoutes(app: App, deps: AppDependencies): void {
  const { channels } = deps;
  const service = createChannelService(deps);
  const admin = { role: 'admin' } as const;
  const viewer = { role: 'viewer' } as const;
  const tags = ['channels'];
  const log = auditOf(deps.audit);

  app.get('/v1/channels', { config: viewer, schema: { tags, summary: 'Where messages go, and which' } }, async () => ({
    channels: await channels.list(),
  }));

  app.get(
    '/v1/channels/:id',
    { config: viewer, schema: { tags, summary: 'A channel, without its secrets', params: IdParams } },
    async (request) => service.show(request.params.id),
  );

  app.post(
    '/v1/channels',
    {
      config: admin,
      schema: {
        tags,
        summary: 'Make a channel; of a signed webhook the answer is the only place where the secret is shown',
        body: Type.Object(
          {
            id: ChannelId,
            kind: Type.Union(channelKinds.map((kind) => Type.Literal(kind))),
            settings: Type.Optional(ChannelSettingsSchema),
            url: Type.Optional(Url),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const { channel, signingSecret } = await service.create(request.body);
      const { id, kind, settings, target } = channel;
      await log(request, 'channel.create', id, { kind, settings, target });
      return reply
        .status(201)
        .header('location', `/v1/channels/${id}`)
        .send({ ...channel, ...(signingSecret === null ? {} : { signingSecret }) });
    },
  );

  app.patch(
    '/v1/channels/:id',
    {
      config: admin,
      schema: {
        tags,
        summary: 'Change a channel (settings as a whole), or switch it off',
        params: IdParams,
        body: Type.Object(
          {
            settings: Type.Optional(ChannelSettingsSchema),
            url: Type.Optional(Url),
            enabled: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false, minProperties: 1 },
        ),
      },
    },
    async (request) => {
      const channel = await service.change(request.params.id, request.body);
      const { url, ...rest } = request.body;
      await log(request, 'channel.change', channel.id, {
        ...rest,
        ...(url === undefined ? {} : { target: channel.target }),
      });
      return channel;
    },
  );

  app.post(
    '/v1/channels/:id/rotate',
    {
      config: admin,
      schema: { tags, summary: 'Give a signed webhook a new secret; the one before ends now', params: IdParams },
    },
    async (request) => {
      const { channel, signingSecret } = await service.rotate(request.params.id);
      await log(request, 'channel.rotate', channel.id, {});
      return { ...channel, signingSecret };
    },
  );

  app.post(
    '/v1/channels/:id/test',
    { config: admin, schema: { tags, summary: 'Send a test message; the answer names it', params: IdParams } },
    async (request, reply) => {
      const { id } = request.params;
      const notification = await service.test(id, request.apiKey?.name ?? '');
      await log(request, 'channel.test', id, { notification: notification.id });
      return reply.status(202).send(notification);
    },
  );

  app.delete(
    '/v1/channels/:id',
    { config: admin, schema: { tags, summary: 'Remove a channel with its messages', params: IdParams } },
    async (request, reply) => {
      await service.remove(request.params.id);
      await log(request, 'channel.remove', request.params.id, {});
      return reply.status(204).send();
    },
  );
}
