import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import { readCloudEvents } from '../../../domain/events/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { Limit, TimeParam } from '../../schemas.ts';

const Sequence = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const SequenceParams = Type.Object({ sequence: Sequence });
const Before = Type.Optional(
  Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: '`next` of the page before.' }),
);

export function eventRoutes(app: App, { events, audit, clock }: AppDependencies): void {
  const viewer = { role: 'viewer' } as const;
  const operator = { role: 'operator' } as const;
  const tags = ['events'];
  const page = <T extends { sequence: number }>(list: readonly T[], limit: number) => ({
    events: list,
    next: list.length === limit ? (list.at(-1)?.sequence ?? null) : null,
  });
  const deadLetter = (sequence: number): PerennialError =>
    new PerennialError('NOT_FOUND', `The event ${sequence} is no dead letter.`, {
      remedy: 'GET /v1/dead-letters lists them.',
    });

  app.get(
    '/v1/events',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'Events, newest first, with what became of them',
        querystring: Type.Object(
          {
            type: Type.Optional(Type.String({ maxLength: 2000, description: 'One, or several with commas between.' })),
            source: Type.Optional(Type.String({ maxLength: 500 })),
            subject: Type.Optional(Type.String({ maxLength: 1000 })),
            id: Type.Optional(
              Type.String({ maxLength: 1000, description: 'Its id; with `source` it names one event.' }),
            ),
            from: Type.Optional(TimeParam),
            to: Type.Optional(TimeParam),
            before: Before,
            limit: Type.Optional(Limit),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { type, before = Number.MAX_SAFE_INTEGER, limit = 50, ...filter } = request.query;
      const types = type === undefined ? {} : { types: type.split(',').map((t) => t.trim()) };
      return page(await events.list({ ...filter, ...types, before, limit }), limit);
    },
  );

  app.get(
    '/v1/events/:sequence',
    { config: viewer, schema: { tags, summary: 'An event with what became of it', params: SequenceParams } },
    async (request) => {
      const { sequence } = request.params;
      const event = await events.get(sequence);
      if (event) return event;
      throw new PerennialError('NOT_FOUND', `There is no event ${sequence}.`, { remedy: 'GET /v1/events lists them.' });
    },
  );

  app.get(
    '/v1/dead-letters',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'Events that were given up, newest first, with the reason',
        querystring: Type.Object({ before: Before, limit: Type.Optional(Limit) }, { additionalProperties: false }),
      },
    },
    async (request) => {
      const { before, limit = 50 } = request.query;
      return page(await events.dead({ ...(before === undefined ? {} : { before }), limit }), limit);
    },
  );

  app.post(
    '/v1/dead-letters/:sequence/replay',
    { config: operator, schema: { tags, summary: 'Work on a dead letter again', params: SequenceParams } },
    async (request, reply) => {
      const { sequence } = request.params;
      if (!(await events.replay(sequence))) throw deadLetter(sequence);
      await audit.write({
        actor: request.apiKey?.name ?? '',
        action: 'event.replay',
        subject: String(sequence),
        detail: {},
      });
      return reply.status(202).send(await events.get(sequence));
    },
  );

  app.delete(
    '/v1/dead-letters/:sequence',
    {
      config: operator,
      schema: { tags, summary: 'Take a dead letter off the list; its event stays', params: SequenceParams },
    },
    async (request, reply) => {
      const { sequence } = request.params;
      if (!(await events.drop(sequence))) throw deadLetter(sequence);
      await audit.write({
        actor: request.apiKey?.name ?? '',
        action: 'event.drop',
        subject: String(sequence),
        detail: {},
      });
      return reply.status(204).send();
    },
  );

  app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post(
      '/v1/events',
      {
        config: operator,
        schema: {
          tags,
          summary: 'Publish CloudEvents 1.0 in structured, batch or binary mode; stored when this answers 202',
        },
      },
      async (request, reply) => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(', ') : value,
          ]),
        );
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const given = readCloudEvents({ headers, body }, clock.now());
        const stored = await events.publish(given);
        await audit.write({
          actor: request.apiKey?.name ?? '',
          action: 'event.publish',
          subject: [...new Set(given.map(({ type }) => type))].join(',').slice(0, 500),
          detail: { events: given.length, new: stored },
        });
        return reply.status(202).send({ stored, known: given.length - stored });
      },
    );
  });
}
