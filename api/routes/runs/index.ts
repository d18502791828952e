import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { RunRecord } from '../../../contracts/runs.ts';
import { createRunStarter } from '../../../domain/dag/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { Cursor, IdParams, Limit, Status, TimeParam } from '../../schemas.ts';
import { streamEvents } from './events.ts';

const StartRun = Type.Object(
  {
    pipeline: Type.String({ examples: ['offers'] }),
    params: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { examples: [{ asOf: '2011-10-09' }] })),
  },
  { additionalProperties: false },
);

/** A run without its plan: what lists and events need. */
function brief({ plan, ...run }: RunRecord) {
  return { ...run, planHash: plan.hash };
}

export function runRoutes(app: App, deps: AppDependencies): void {
  const { runs, launcher, audit } = deps;
  const starter = createRunStarter(deps);
  /** Ends each open event stream. */
  const streams = new Set<() => void>();
  // Closing waits for open answers; a client comes back with last-event-id.
  app.addHook('preClose', async () => {
    for (const stop of streams) stop();
  });

  const find = async (id: string): Promise<RunRecord> => {
    const run = await runs.get(id);
    if (!run) throw new PerennialError('NOT_FOUND', `There is no run "${id}".`, { remedy: 'GET /v1/runs lists them.' });
    return run;
  };

  app.post(
    '/v1/runs',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['runs'],
        summary: 'Start a run',
        description: 'With the header idempotency-key, sending the same request again gives the run it started first.',
        body: StartRun,
        headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) }),
      },
    },
    async (request, reply) => {
      const { pipeline: id, params = {} } = request.body;
      const { run, created } = await starter.start({
        pipeline: id,
        params: params as JsonObject,
        trigger: { kind: 'api', by: request.apiKey?.name ?? '' },
        idempotencyKey: request.headers['idempotency-key'] ?? null,
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
        querystring: Type.Object({
          pipeline: Type.Optional(Type.String()),
          status: Type.Optional(Status),
          from: Type.Optional(TimeParam),
          to: Type.Optional(TimeParam),
          cursor: Type.Optional(Cursor),
          limit: Limit,
        }),
      },
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query;
      const page = await runs.list(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
      return { runs: page.runs.map(brief), next: page.next };
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
      return { ...brief(run), plan: run.plan, steps: await runs.steps(run.id) };
    },
  );

  app.post(
    '/v1/runs/:id/cancel',
    { config: { role: 'operator' }, schema: { tags: ['runs'], summary: 'Cancel a run', params: IdParams } },
    async (request, reply) => {
      const run = await find(request.params.id);
      if (run.finishedAt !== null) {
        throw new PerennialError(
          'CONFLICT',
          `Run "${run.id}" has ended already: it ${run.status === 'cancelled' ? 'was' : 'has'} ${run.status}.`,
          {
            remedy: 'There is nothing to cancel.',
          },
        );
      }
      await audit.write({ actor: request.apiKey?.name ?? '', action: 'run.cancel', subject: run.id, detail: {} });
      await launcher.cancel(run.id);
      return reply.status(202).send(brief(run));
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
      await streamEvents(runs, run.id, Number.isSafeInteger(last) && last > 0 ? last : 0, request, reply, streams);
      return reply;
    },
  );
}
