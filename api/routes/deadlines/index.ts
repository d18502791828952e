import { Type } from 'typebox';
import { type DeadlineDefinition, DeadlineSchema } from '../../../contracts/deadlines.ts';
import { createDeadlineService } from '../../../domain/deadlines/index.ts';
import type { App } from '../../app-type.ts';
import { auditOf, withPathId } from '../../definitions.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { DateParam, IdParams, Limit } from '../../schemas.ts';

/** In a PUT the path names it. */
const PutDeadline = Type.Object(
  { ...DeadlineSchema.properties, id: Type.Optional(DeadlineSchema.properties.id) },
  { additionalProperties: false },
);

export function deadlineRoutes(app: App, deps: AppDependencies): void {
  const service = createDeadlineService(deps);
  const viewer = { role: 'viewer' } as const;
  const operator = { role: 'operator' } as const;
  const tags = ['deadlines'];
  const log = auditOf(deps.audit);

  app.get(
    '/v1/deadlines',
    { config: viewer, schema: { tags, summary: 'List deadlines, each with how today stands' } },
    async () => ({ deadlines: await service.list() }),
  );

  app.get(
    '/v1/deadlines/diff',
    { config: viewer, schema: { tags, summary: 'What applying the deadlines of the code would change' } },
    async () => ({ changes: await service.diff() }),
  );

  app.get(
    '/v1/deadlines/:id',
    { config: viewer, schema: { tags, summary: 'A deadline, with how today stands', params: IdParams } },
    async (request) => service.show(request.params.id),
  );

  app.get(
    '/v1/deadlines/:id/days',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'How the days of a deadline went, newest first',
        params: IdParams,
        querystring: Type.Object(
          { before: Type.Optional(DateParam), limit: Type.Optional(Limit) },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { limit = 50, before } = request.query;
      return service.days(request.params.id, { limit, ...(before === undefined ? {} : { before }) });
    },
  );

  app.post(
    '/v1/deadlines',
    { config: operator, schema: { tags, summary: 'Make a deadline; it counts from now on', body: DeadlineSchema } },
    async (request, reply) => {
      const deadline = await service.create(request.body);
      await log(request, 'deadline.create', deadline.id, deadline.definition);
      return reply.status(201).header('location', `/v1/deadlines/${deadline.id}`).send(deadline);
    },
  );

  app.put(
    '/v1/deadlines/:id',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Make or replace a deadline; days that were due before stay as they are',
        params: IdParams,
        body: PutDeadline,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { deadline, created } = await service.put(withPathId('deadline', id, request.body) as DeadlineDefinition);
      await log(request, created ? 'deadline.create' : 'deadline.replace', id, deadline.definition);
      return reply.status(created ? 201 : 200).send({ ...deadline, created });
    },
  );

  app.delete(
    '/v1/deadlines/:id',
    {
      config: operator,
      schema: { tags, summary: 'Remove a deadline with its days; its events stay', params: IdParams },
    },
    async (request, reply) => {
      await service.remove(request.params.id);
      await log(request, 'deadline.remove', request.params.id, {});
      return reply.status(204).send();
    },
  );
}
