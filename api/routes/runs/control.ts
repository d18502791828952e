import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import { briefOf, type RunRecord, terminalRunStatuses } from '../../../contracts/runs.ts';
import { findPipeline, launch } from '../../../domain/dag/index.ts';
import { refuseUnheard } from '../../../domain/dag/lost-runs.ts';
import { prepareRerun } from '../../../domain/dag/rerun.ts';
import { checkSteps } from '../../../domain/dag/restart.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams, Reason } from '../../schemas.ts';
import { cancelRun } from './cancel.ts';
import { findRun, refuseEnded } from './find.ts';
import { retryRun } from './retry.ts';

const StepList = Type.Array(Type.String({ minLength: 1, maxLength: 63 }), {
  minItems: 1,
  maxItems: 1000,
  uniqueItems: true,
});
const Cache = Type.Boolean({ description: 'Whether steps may take cached outputs; default: as before.' });
const closed = { additionalProperties: false } as const;

/** What people do to runs: stop, hold, go on, do again. All of it is in the audit log. */
export function runControlRoutes(app: App, deps: AppDependencies): void {
  const { runs, launcher, pipelines, audit } = deps;
  const config = { role: 'operator' } as const;
  const find = (id: string): Promise<RunRecord> => findRun(runs, id);
  const write = (actor: string | undefined, action: string, subject: string, detail: JsonObject = {}) =>
    audit.write({ actor: actor ?? '', action, subject, detail });

  app.post(
    '/v1/runs/:id/cancel',
    { config, schema: { tags: ['runs'], summary: 'Cancel a run', params: IdParams } },
    async (request, reply) => {
      const run = await find(request.params.id);
      refuseEnded(run, 'cancel');
      await cancelRun(deps, run, request.apiKey?.name ?? '');
      return reply.status(202).send(briefOf(run));
    },
  );

  app.post(
    '/v1/runs/:id/pause',
    {
      config,
      schema: {
        tags: ['runs'],
        summary: 'Pause a run: no further step starts',
        description:
          '`drain` lets running steps finish; `checkpoint` stops them, and they go on from their last checkpoint afterwards. A paused run keeps its place in its limits.',
        params: IdParams,
        body: Type.Object(
          {
            mode: Type.Optional(Type.Union([Type.Literal('drain'), Type.Literal('checkpoint')], { default: 'drain' })),
            reason: Reason,
          },
          closed,
        ),
      },
    },
    async (request, reply) => {
      const run = await find(request.params.id);
      refuseEnded(run, 'pause');
      const { mode = 'drain', reason } = request.body;
      const by = request.apiKey?.name ?? '';
      await write(by, 'run.pause', run.id, { mode, reason });
      refuseUnheard(run, await launcher.pause(run, { mode, by, reason, at: deps.clock.now().toISOString() }));
      return reply.status(202).send(briefOf(run));
    },
  );

  app.post(
    '/v1/runs/:id/resume',
    { config, schema: { tags: ['runs'], summary: 'Let a paused run go on', params: IdParams } },
    async (request, reply) => {
      const run = await find(request.params.id);
      refuseEnded(run, 'resume');
      await write(request.apiKey?.name, 'run.resume', run.id);
      refuseUnheard(run, await launcher.resume(run));
      return reply.status(202).send(briefOf(run));
    },
  );

  app.post(
    '/v1/runs/:id/skip',
    {
      config,
      schema: {
        tags: ['runs'],
        summary: 'Skip a step of a run that goes on',
        description: 'Steps behind it run as if its own condition had skipped it. A running step is stopped.',
        params: IdParams,
        body: Type.Object({ step: Type.String({ minLength: 1, maxLength: 63 }), reason: Reason }, closed),
      },
    },
    async (request, reply) => {
      const run = await find(request.params.id);
      const { step, reason } = request.body;
      checkSteps(run.plan, 'step', [step]);
      if (terminalRunStatuses.has(run.status)) {
        throw new PerennialError('CONFLICT', `Run "${run.id}" has ended already.`, {
          remedy: 'Retry it with `skip`.',
        });
      }
      const record = (await runs.steps(run.id)).find((s) => s.stepId === step && s.mapKey === '');
      if (record?.finishedAt) {
        throw new PerennialError('CONFLICT', `Step "${step}" has ended already: ${record.status}.`, {
          remedy: 'There is nothing to skip.',
        });
      }
      const by = request.apiKey?.name ?? '';
      await write(by, 'run.skip', run.id, { step, reason });
      refuseUnheard(run, await launcher.skip(run, { stepId: step, by, reason }));
      return reply.status(202).send(briefOf(run));
    },
  );

  app.post(
    '/v1/runs/:id/retry',
    {
      config,
      preValidation: emptyBody,
      schema: {
        tags: ['runs'],
        summary: 'Let a run that has ended go on',
        description:
          'Runs what failed, was cancelled or never began, with the plan of the run; what succeeded stays. With `from` also those steps and all behind them run again.',
        params: IdParams,
        body: Type.Object(
          {
            from: Type.Optional(StepList),
            skip: Type.Optional(
              Type.Array(Type.Object({ step: Type.String({ minLength: 1, maxLength: 63 }), reason: Reason }, closed), {
                maxItems: 1000,
              }),
            ),
            cache: Type.Optional(Cache),
          },
          closed,
        ),
      },
    },
    async (request, reply) => {
      const run = await find(request.params.id);
      const { from, skip = [], cache } = request.body;
      const by = request.apiKey?.name ?? '';
      const restarted = await retryRun(deps, run, {
        by,
        skip,
        ...(from ? { from } : {}),
        ...(cache === undefined ? {} : { cache }),
      });
      return reply.status(202).send(briefOf(restarted));
    },
  );

  app.post(
    '/v1/runs/:id/rerun',
    {
      config,
      preValidation: emptyBody,
      schema: {
        tags: ['runs'],
        summary: 'Start a new run that goes on from this one',
        description:
          'Steps before `from` are taken over with their outputs; without it every step runs. `newest` takes the plan of the present code and is refused, with the reason, where that plan does not fit the earlier outputs.',
        params: IdParams,
        body: Type.Object(
          {
            from: Type.Optional(StepList),
            code: Type.Optional(Type.Union([Type.Literal('run'), Type.Literal('newest')], { default: 'newest' })),
            params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
            cache: Type.Optional(Cache),
          },
          closed,
        ),
      },
    },
    async (request, reply) => {
      const parent = await find(request.params.id);
      refuseRunning(parent);
      const { from, code, params, cache } = request.body;
      const pipeline = findPipeline(pipelines, parent.pipeline);
      const prepared = prepareRerun(pipeline, parent, await runs.steps(parent.id), {
        trigger: { kind: 'rerun', by: request.apiKey?.name ?? '' },
        ...(from ? { from } : {}),
        ...(code ? { code } : {}),
        ...(params ? { params: params as JsonObject } : {}),
        ...(cache === undefined ? {} : { cache }),
      });
      const { run } = await runs.create(prepared);
      await write(request.apiKey?.name, 'run.rerun', run.id, {
        parent: parent.id,
        from: from ?? [],
        code: code ?? 'newest',
      });
      await launch(launcher, run);
      return reply.status(202).header('location', `/v1/runs/${run.id}`).send(briefOf(run));
    },
  );
}

/** A request without a body means one without wishes. */
async function emptyBody(request: FastifyRequest): Promise<void> {
  request.body ??= {};
}

function refuseRunning(run: RunRecord): void {
  if (terminalRunStatuses.has(run.status)) return;
  throw new PerennialError('CONFLICT', `Run "${run.id}" is ${run.status}: its outputs are not complete.`, {
    remedy: 'Wait for its end, or cancel it.',
  });
}
