import { Type } from 'typebox';
import type { JsonObject } from '../../../contracts/json.ts';
import { type RunSort, runSorts } from '../../../contracts/run-insight.ts';
import {
  briefOf,
  type Priority,
  priorities,
  type RunRecord,
  type RunStatus,
  runStatuses,
  type Trigger,
  triggerKinds,
} from '../../../contracts/runs.ts';
import { createRunStarter } from '../../../domain/dag/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { eventStreams } from '../../plugins/event-stream.ts';
import { Cursor, IdempotencyHeaders, IdParams, Limit, listOf, oneOf, TimeParam } from '../../schemas.ts';
import { streamEvents } from './events.ts';
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
          pipeline: Type.Optional(
            Type.String({ minLength: 1, maxLength: 1_000, description: 'One, or several with commas between.' }),
          ),
          status: Type.Optional(listOf(runStatuses)),
          trigger: Type.Optional(listOf(triggerKinds)),
          priority: Type.Optional(listOf(Object.values(priorities).map(String))),
          error: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Code of its error.' })),
          text: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 200,
              description: 'A part of its id, partition or parameters, or of who started it.',
            }),
          ),
          from: Type.Optional(TimeParam),
          to: Type.Optional(TimeParam),
          partition: Type.Optional(Type.String({ minLength: 1, maxLength: 200, examples: ['2011-10-09/DE'] })),
          backfill: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Id of a backfill.' })),
          sort: Type.Optional(oneOf<RunSort>(runSorts)),
          cursor: Type.Optional(Cursor),
          limit: Limit,
        }),
      },
    },
    async ({ query: { limit, cursor, sort, pipeline, status, trigger, priority, error, ...search } }) =>
      runInsight.list(
        {
          ...search,
          ...(pipeline === undefined ? {} : { pipelines: pipeline.split(',') }),
          ...(status === undefined ? {} : { statuses: status.split(',') as RunStatus[] }),
          ...(trigger === undefined ? {} : { triggers: trigger.split(',') as Trigger['kind'][] }),
          ...(priority === undefined ? {} : { priorities: priority.split(',').map(Number) as Priority[] }),
          ...(error === undefined ? {} : { errorCode: error }),
        },
        { limit, ...(cursor === undefined ? {} : { cursor }), ...(sort === undefined ? {} : { sort }) },
      ),
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
      return { ...briefOf(run), plan: run.plan, steps, waits };
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
          after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
          limit: Limit,
        }),
      },
    },
    async (request) => {
      const { step, after, limit } = request.query;
      const run = await find(request.params.id);
      const lines = await runs.logs(run.id, {
        limit,
        ...(step === undefined ? {} : { stepId: step }),
        ...(after === undefined ? {} : { after }),
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
      },
    },
    async (request, reply) => {
      const run = await find(request.params.id);
      const last = Number(request.headers['last-event-id'] ?? 0);
      const after = Number.isSafeInteger(last) && last > 0 ? last : 0;
      await streamEvents(runs, { runId: run.id, after, log: request.log }, () => openStream(reply));
      return reply;
    },
  );
}
