import { Type } from 'typebox';
import { SilenceMatchSchema } from '../../../contracts/alerts.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import { createAlertService } from '../../../domain/alerts/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams, Reason, TimeParam } from '../../schemas.ts';

export function silenceRoutes(app: App, deps: AppDependencies): void {
  const { audit } = deps;
  const service = createAlertService(deps);
  const viewer = { role: 'viewer' } as const;
  const operator = { role: 'operator' } as const;
  const tags = ['alerts'];

  app.get(
    '/v1/silences',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'Silences in force, or all of late',
        querystring: Type.Object({ all: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
      },
    },
    async (request) => ({ silences: await service.silences(request.query.all ?? false) }),
  );

  app.post(
    '/v1/silences',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Keep alerts that match from being told until a time; they are kept all the same',
        body: Type.Object(
          { match: SilenceMatchSchema, until: TimeParam, reason: Reason },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const { match, until, reason } = request.body;
      const by = request.apiKey?.name ?? '';
      const silence = await service.silence(match, new Date(until), by, reason);
      const detail = { match, until, reason } as unknown as JsonObject;
      await audit.write({ actor: by, action: 'silence.create', subject: silence.id, detail });
      return reply.status(201).header('location', `/v1/silences/${silence.id}`).send(silence);
    },
  );

  app.delete(
    '/v1/silences/:id',
    {
      config: operator,
      schema: { tags, summary: 'End a silence now: what is still so is told', params: IdParams },
    },
    async (request) => {
      const { id } = request.params;
      const silence = await service.endSilence(id);
      await audit.write({ actor: request.apiKey?.name ?? '', action: 'silence.end', subject: id, detail: {} });
      return silence;
    },
  );
}
