import { Type } from 'typebox';
import { briefOf } from '../../../contracts/runs.ts';
import { OverlapSchema, type ScheduleDefinition, ScheduleSchema } from '../../../contracts/schedules.ts';
import { createScheduleService, type ScheduleDetail } from '../../../domain/schedules/index.ts';
import type { App } from '../../app-type.ts';
import { auditOf, withPathId } from '../../definitions.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams } from '../../schemas.ts';

const Note = Type.String({ minLength: 1, maxLength: 1000, description: 'Why; shown with the schedule.' });
/** In a PUT the path names it. */
const PutSchedule = Type.Object(
  { ...ScheduleSchema.properties, id: Type.Optional(ScheduleSchema.properties.id) },
  { additionalProperties: false },
);

function detail({ recent, ...schedule }: ScheduleDetail) {
  return { ...schedule, recent: recent.map(briefOf) };
}

export function scheduleRoutes(app: App, deps: AppDependencies): void {
  const service = createScheduleService(deps);
  const viewer = { role: 'viewer' } as const;
  const operator = { role: 'operator' } as const;
  const tags = ['schedules'];
  const log = auditOf(deps.audit);

  app.get('/v1/schedules', { config: viewer, schema: { tags, summary: 'List schedules' } }, async () => ({
    schedules: await service.list(),
  }));

  app.get(
    '/v1/schedules/diff',
    { config: viewer, schema: { tags, summary: 'What applying the schedules of the code would change' } },
    async () => ({ changes: await service.diff() }),
  );

  app.get(
    '/v1/schedules/:id',
    {
      config: viewer,
      schema: { tags, summary: 'A schedule with its next ten starts, recent runs and faults', params: IdParams },
    },
    async (request) => detail(await service.show(request.params.id)),
  );

  app.post(
    '/v1/schedules',
    { config: operator, schema: { tags, summary: 'Make a schedule', body: ScheduleSchema } },
    async (request, reply) => {
      const schedule = await service.create(request.body);
      await log(request, 'schedule.create', schedule.id, schedule.definition);
      return reply.status(201).header('location', `/v1/schedules/${schedule.id}`).send(schedule);
    },
  );

  app.post(
    '/v1/schedules/preview',
    {
      config: operator,
      schema: { tags, summary: 'The next ten starts a schedule would have; makes nothing', body: ScheduleSchema },
    },
    async (request) => service.preview(request.body),
  );

  app.put(
    '/v1/schedules/:id',
    {
      config: operator,
      schema: { tags, summary: 'Make or replace a schedule', params: IdParams, body: PutSchedule },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { schedule, created } = await service.put(withPathId('schedule', id, request.body) as ScheduleDefinition);
      await log(request, created ? 'schedule.create' : 'schedule.replace', id, schedule.definition);
      return reply.status(created ? 201 : 200).send({ ...schedule, created });
    },
  );

  app.delete(
    '/v1/schedules/:id',
    {
      config: operator,
      schema: { tags, summary: 'Remove a schedule; its runs stay and go on', params: IdParams },
    },
    async (request, reply) => {
      await service.remove(request.params.id);
      await log(request, 'schedule.remove', request.params.id, {});
      return reply.status(204).send();
    },
  );

  app.post(
    '/v1/schedules/:id/pause',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Pause a schedule, with a note that says why',
        params: IdParams,
        body: Type.Object({ note: Note }, { additionalProperties: false }),
      },
    },
    async (request) => {
      const schedule = await service.pause(request.params.id, request.body.note);
      await log(request, 'schedule.pause', schedule.id, request.body);
      return schedule;
    },
  );

  app.post(
    '/v1/schedules/:id/resume',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Let a paused schedule go on',
        params: IdParams,
        body: Type.Object({ note: Type.Optional(Note) }, { additionalProperties: false }),
      },
    },
    async (request) => {
      const { note = `resumed by ${request.apiKey?.name ?? 'the API'}` } = request.body;
      const schedule = await service.resume(request.params.id, note);
      await log(request, 'schedule.resume', schedule.id, { note });
      return schedule;
    },
  );

  app.post(
    '/v1/schedules/:id/trigger',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Start a run now, also when paused',
        params: IdParams,
        body: Type.Object({ overlap: Type.Optional(OverlapSchema) }, { additionalProperties: false }),
      },
    },
    async (request, reply) => {
      const { overlap } = request.body;
      const schedule = await service.trigger(request.params.id, overlap);
      await log(request, 'schedule.trigger', schedule.id, overlap === undefined ? {} : { overlap });
      return reply.status(202).send(schedule);
    },
  );
}
