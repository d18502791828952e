import { Type } from 'typebox';
import type { JsonObject } from '../../../contracts/json.ts';
import { WebhookStartSchema, webhookSchemes } from '../../../contracts/webhooks.ts';
import { createWebhookSourceService } from '../../../domain/events/index.ts';
import type { App } from '../../app-type.ts';
import { auditOf } from '../../definitions.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams } from '../../schemas.ts';

const SourceId = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'Part of the address it is sent to.' });
const Secret = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'What the sender signs with; absent: made here.',
});
const EventType = Type.String({ minLength: 1, maxLength: 200, description: 'Type of all its events.' });
const Tolerance = Type.Integer({ minimum: 1, maximum: 3600, description: 'Seconds a signed time may be from now.' });
const settings = {
  eventType: Type.Optional(Type.Union([EventType, Type.Null()])),
  toleranceSeconds: Type.Optional(Tolerance),
  starts: Type.Optional(Type.Union([WebhookStartSchema, Type.Null()])),
};

export function webhookSourceRoutes(app: App, deps: AppDependencies): void {
  const service = createWebhookSourceService(deps);
  const admin = { role: 'admin' } as const;
  const viewer = { role: 'viewer' } as const;
  const tags = ['webhooks'];
  const log = auditOf(deps.audit);

  app.get(
    '/v1/webhook-sources',
    { config: viewer, schema: { tags, summary: 'List who may send webhooks' } },
    async () => ({ sources: await deps.webhookSources.list() }),
  );

  app.get(
    '/v1/webhook-sources/:id',
    { config: viewer, schema: { tags, summary: 'A source of webhooks, without its secrets', params: IdParams } },
    (request) => service.show(request.params.id),
  );

  app.post(
    '/v1/webhook-sources',
    {
      config: admin,
      schema: {
        tags,
        summary: 'Let someone send webhooks; the answer is the only place where the secret is shown',
        body: Type.Object(
          {
            id: SourceId,
            scheme: Type.Union(webhookSchemes.map((scheme) => Type.Literal(scheme))),
            secret: Type.Optional(Secret),
            eventType: Type.Optional(EventType),
            toleranceSeconds: Type.Optional(Tolerance),
            starts: Type.Optional(WebhookStartSchema),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const { source, secret } = await service.create(request.body);
      await log(request, 'webhook.create', source.id, { scheme: source.scheme, starts: source.starts });
      return reply
        .status(201)
        .header('location', `/v1/webhook-sources/${source.id}`)
        .send({ ...source, secret });
    },
  );

  app.patch(
    '/v1/webhook-sources/:id',
    {
      config: admin,
      schema: {
        tags,
        summary: 'Change a source of webhooks, or switch it off',
        params: IdParams,
        body: Type.Object(
          { enabled: Type.Optional(Type.Boolean()), ...settings },
          { additionalProperties: false, minProperties: 1 },
        ),
      },
    },
    async (request) => {
      const source = await service.change(request.params.id, request.body);
      await log(request, 'webhook.change', source.id, request.body as JsonObject);
      return source;
    },
  );

  app.post(
    '/v1/webhook-sources/:id/rotate',
    {
      config: admin,
      schema: {
        tags,
        summary: 'Give a source a new secret; the one in use stays valid for a while',
        params: IdParams,
        body: Type.Object(
          {
            secret: Type.Optional(Secret),
            overlapHours: Type.Optional(Type.Number({ minimum: 0, maximum: 720, default: 24 })),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { secret: given, overlapHours } = request.body;
      const { source, secret } = await service.rotate(request.params.id, given, overlapHours);
      await log(request, 'webhook.rotate', source.id, overlapHours === undefined ? {} : { overlapHours });
      return { ...source, secret };
    },
  );

  app.delete(
    '/v1/webhook-sources/:id',
    {
      config: admin,
      schema: { tags, summary: 'Take webhooks of a source no more; its events stay', params: IdParams },
    },
    async (request, reply) => {
      await service.remove(request.params.id);
      await log(request, 'webhook.remove', request.params.id, {});
      return reply.status(204).send();
    },
  );
}
