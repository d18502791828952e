import { Type } from 'typebox';
import { type AlertDefinition, AlertDefinitionSchema } from '../../../contracts/alerts.ts';
import { createAlertDefinitionService } from '../../../domain/alerts/index.ts';
import type { App } from '../../app-type.ts';
import { auditOf, withPathId } from '../../definitions.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams, Reason } from '../../schemas.ts';

/** In a PUT the path names it. */
const PutDefinition = Type.Object(
  { ...AlertDefinitionSchema.properties, id: Type.Optional(AlertDefinitionSchema.properties.id) },
  { additionalProperties: false },
);

export function alertDefinitionRoutes(app: App, deps: AppDependencies): void {
  const service = createAlertDefinitionService(deps);
  const viewer = { role: 'viewer' } as const;
  const operator = { role: 'operator' } as const;
  const tags = ['alerts'];
  const log = auditOf(deps.audit);

  app.get(
    '/v1/alert-definitions',
    { config: viewer, schema: { tags, summary: 'When somebody is told: built-in, of the code, made by API' } },
    async () => ({ definitions: await service.list() }),
  );

  app.get(
    '/v1/alert-definitions/diff',
    { config: viewer, schema: { tags, summary: 'What applying the alert definitions of the code would change' } },
    async () => ({ changes: await service.diff() }),
  );

  app.get(
    '/v1/alert-definitions/:id',
    { config: viewer, schema: { tags, summary: 'An alert definition', params: IdParams } },
    async (request) => service.get(request.params.id),
  );

  app.post(
    '/v1/alert-definitions',
    { config: operator, schema: { tags, summary: 'Make an alert definition', body: AlertDefinitionSchema } },
    async (request, reply) => {
      const made = await service.create(request.body);
      await log(request, 'alert-definition.create', made.id, made.definition);
      return reply.status(201).header('location', `/v1/alert-definitions/${made.id}`).send(made);
    },
  );

  app.put(
    '/v1/alert-definitions/:id',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Make or replace an alert definition; its open alerts go on',
        params: IdParams,
        body: PutDefinition,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { definition, created } = await service.put(withPathId('definition', id, request.body) as AlertDefinition);
      await log(request, created ? 'alert-definition.create' : 'alert-definition.replace', id, definition.definition);
      return reply.status(created ? 201 : 200).send({ ...definition, created });
    },
  );

  app.delete(
    '/v1/alert-definitions/:id',
    {
      config: operator,
      schema: { tags, summary: 'Remove an alert definition; its open alerts are over', params: IdParams },
    },
    async (request, reply) => {
      await service.remove(request.params.id);
      await log(request, 'alert-definition.remove', request.params.id, {});
      return reply.status(204).send();
    },
  );

  for (const [action, isEnabled, summary] of [
    ['disable', false, 'Disable an alert definition, also one of the code; its open alerts are over'],
    ['enable', true, 'Enable an alert definition'],
  ] as const) {
    app.post(
      `/v1/alert-definitions/:id/${action}`,
      {
        config: operator,
        schema: {
          tags,
          summary,
          params: IdParams,
          body: Type.Object({ note: Reason }, { additionalProperties: false }),
        },
      },
      async (request) => {
        const { note } = request.body;
        const changed = await service.setEnabled(request.params.id, isEnabled, note);
        await log(request, `alert-definition.${action}`, changed.id, { note });
        return changed;
      },
    );
  }
}
