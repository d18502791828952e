import { Type } from 'typebox';
import type { JsonObject } from '../../../contracts/json.ts';
import { logLevels, type Priority, type RunDetail, type RunPage, type RunRecord } from '../../../contracts/runs.ts';
import { createRunStarter } from '../../../domain/dag/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { eventStreams } from '../../plugins/event-stream.ts';
import { Cursor, IdempotencyHeaders, IdParams, Limit, oneOf } from '../../schemas.ts';
import { streamEvents } from './events.ts';
import { runFilter } from './filter.ts';
import { brief, findRun } from './find.ts';

const StartRun = Type.Object(
  {
    pipeline: Type.String({ examples: ['offers'] }),
    params: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { examples: [{ asOf: '2011-10-09' }] })),
    priority: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 5, description: '1 goes first; default 3. Waiting raises it.' }),
    ),
    cache: Type.Optional(Type.Boolean({ description: 'Whether steps may take cached outputs; default true.' })),
  },
  { additionalProperties: false },
);

/** Of a line of a log. */
const lineId = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

export function runRoutes(app: App, deps: AppDependencies): void {
  const { runs, admission, audit } = deps;
  const starter = createRunStarter(deps);
  const openStream = eventStreams(app);

  const find = (id: string): Promise<RunRecord> => findRun(runs, id);

  app.post(
    '/v1/runs',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['runs'],
        summary: 'Start a run',
        description: 'With the header idempotency-key, sending the same request again gives the run it started first.',
        body: StartRun,
        headers: IdempotencyHeaders,
      },
    },
    async (request, reply) => {
      const { pipeline: id, params = {}, priority, cache } = request.body;
      const { run, created } = await starter.start({
        pipeline: id,
        params: params as JsonObject,
        trigger: { kind: 'api', by: request.apiKey?.name ?? '' },
        idempotencyKey: request.headers['idempotency-key'] ?? null,
        ...(priority === undefined ? {} : { priority: priority as Priority }),
        ...(cache === undefined ? {} : { cache }),
      });
      if (created) {
        await audit.write({
          actor: request.apiKey?.name ?? '',
          action: 'run.start',
          subject: run.id,
          detail: { pipeline: id, params: run.params },
        });
      }
      return reply
        .status(202)
        .header('location', `/v1/runs/${run.id}`)
        .send({ ...brief(run), created });
    },
  );

  app.get(
    '/v1/runs',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['runs'],
        summary: 'List runs, newest first',
        querystring: Type.Object({ ...runFilter, cursor: Type.Optional(Cursor), limit: Limit }),
      },
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query;
      const page = await runs.list(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
      return { runs: page.runs.map(brief), next: page.next } satisfies RunPage;
    },
  );

  app.get(
    '/v1/runs/:id',
    {
      config: { role: 'viewer' },
      schema: { tags: ['runs'], summary: 'A run with its steps, attempts and timings', params: IdParams },
    },
    async (request) => {
      const run = await find(request.params.id);
      const isOpen = run.finishedAt === null;
      const [steps, waits] = await Promise.all([runs.steps(run.id), isOpen ? admission.waiting(run.id) : []]);
      return { ...brief(run), plan: run.plan, steps, waits } satisfies RunDetail;
    },
  );

  app.get(
    '/v1/runs/:id/logs',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['runs'],
        summary: 'Log lines of a run, oldest first',
        params: IdParams,
        querystring: Type.Object({
          step: Type.Optional(Type.String()),
          item: Type.Optional(Type.String({ description: 'Of a mapped step.' })),
          level: Type.Optional(oneOf(logLevels, { description: 'The least that is given.' })),
          text: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of the message.' })),
          after: Type.Optional(Type.Integer(lineId)),
          before: Type.Optional(Type.Integer({ ...lineId, description: 'Gives the last lines before this one.' })),
          limit: Limit,
        }),
      },
    },
    async (request) => {
      const { step, item, level, text, after, before, limit } = request.query;
      const run = await find(request.params.id);
      const lines = await runs.logs(run.id, {
        limit,
        ...(step === undefined ? {} : { stepId: step }),
        ...(item === undefined ? {} : { mapKey: item }),
        ...(level === undefined ? {} : { levels: logLevels.slice(logLevels.indexOf(level)) }),
        ...(text === undefined ? {} : { text }),
        ...(after === undefined ? {} : { after }),
        ...(before === undefined ? {} : { before }),
      });
      return { lines, next: lines.length === limit ? (lines.at(-1)?.id ?? null) : null };
    },
  );

  app.get(
    '/v1/runs/:id/events',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['runs'],
        summary: 'Events of a run as they happen (server-sent events)',
        description: 'Goes on after the header last-event-id; ends with the run.',
        params: IdParams,
        querystring: Type.Object({
          from: Type.Optional(
            Type.Union([Type.Literal('start'), Type.Literal('now')], {
              default: 'start',
              description: 'Where to begin without last-event-id.',
            }),
          ),
        }),
      },
    },
    async (request, reply) => {
      const run = await find(request.params.id);
      const last = Number(request.headers['last-event-id'] ?? 0);
      const isFirst = !Number.isSafeInteger(last) || last <= 0;
      const after = !isFirst ? last : request.query.from === 'now' ? await runs.newestEvent(run.id) : 0;
      await streamEvents(runs, { runId: run.id, after, log: request.log }, () => openStream(reply));
      return reply;
    },
  );
}
