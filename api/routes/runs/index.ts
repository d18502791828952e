import { Type } from 'typebox';
import type { JsonObject } from '../../../contracts/json.ts';
import { type RunSort, runSorts } from '../../../contracts/run-insight.ts';
import { briefOf, type Priority, type RunDetail, type RunPage, type RunRecord } from '../../../contracts/runs.ts';
import { createRunStarter } from '../../../domain/dag/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { Cursor, IdempotencyHeaders, IdParams, Limit, oneOf } from '../../schemas.ts';
import { runFilter, searchOf } from './filter.ts';
import { findRun } from './find.ts';

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

export function runRoutes(app: App, deps: AppDependencies): void {
  const { runs, runInsight, admission, audit } = deps;
  const starter = createRunStarter(deps);

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
        .send({ ...briefOf(run), created });
    },
  );

  app.get(
    '/v1/runs',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['runs'],
        summary: 'List runs, newest first unless sorted otherwise',
        querystring: Type.Object({
          ...runFilter,
          sort: Type.Optional(oneOf<RunSort>(runSorts)),
          cursor: Type.Optional(Cursor),
          limit: Limit,
        }),
      },
    },
    async ({ query: { limit, cursor, sort, ...filter } }): Promise<RunPage> =>
      runInsight.list(searchOf(filter), {
        limit,
        ...(cursor === undefined ? {} : { cursor }),
        ...(sort === undefined ? {} : { sort }),
      }),
  );

  app.get(
    '/v1/runs/:id',
    {
      config: { role: 'viewer' },
      schema: { tags: ['runs'], summary: 'A run with its steps, attempts and timings', params: IdParams },
    },
    async (request): Promise<RunDetail> => {
      const run = await find(request.params.id);
      const isOpen = run.finishedAt === null;
      const [steps, waits] = await Promise.all([runs.steps(run.id), isOpen ? admission.waiting(run.id) : []]);
      return { ...briefOf(run), plan: run.plan, steps, waits };
    },
  );
}
