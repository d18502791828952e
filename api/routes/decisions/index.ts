import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { decisionVerdicts, overrideStatuses } from '../../../contracts/decisions.ts';
import { PerennialError } from '../../../contracts/errors.ts';
import { createPolicyService, decisionIdOf } from '../../../domain/monitoring/retraining/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { Cursor, IdParams, Limit, oneOf } from '../../schemas.ts';
import { overrideRoutes } from './overrides.ts';

const Name = Type.String({ minLength: 1, maxLength: 200 });

/** Retraining decisions, and what became of them. */
export function decisionRoutes(app: App, deps: AppDependencies): void {
  const { decisions, retrainingLauncher } = deps;
  const policies = createPolicyService(deps);
  const tags = ['decisions'];

  app.get(
    '/v1/decisions',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Retraining decisions, newest first, also those that said no',
        querystring: Type.Object({
          pipeline: Type.Optional(Type.String()),
          model: Type.Optional(Name),
          policy: Type.Optional(Name),
          verdict: Type.Optional(oneOf(decisionVerdicts)),
          override: Type.Optional(
            oneOf(overrideStatuses, {
              description: 'Those with an override of this status; pending: somebody has to approve or decline it.',
            }),
          ),
          cursor: Type.Optional(Cursor),
          limit: Limit,
        }),
      },
    },
    async (request) => decisions.list(request.query),
  );

  app.get(
    '/v1/decisions/:id',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'A decision with its inputs, rules and reasons, its overrides, and its run, version and outcome',
        params: IdParams,
      },
    },
    async (request) => {
      const decision = await decisions.get(request.params.id);
      if (!decision)
        throw new PerennialError('NOT_FOUND', `There is no decision "${request.params.id}".`, {
          remedy: 'GET /v1/decisions lists them.',
        });
      return decision;
    },
  );

  app.post(
    '/v1/decisions',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Let a policy decide now, and carry out what it says; the decisions come within seconds',
        body: Type.Object({ policy: Name, model: Type.Optional(Name) }, { additionalProperties: false }),
      },
    },
    async (request, reply) => {
      const policy = await policies.get(request.body.policy);
      const models = request.body.model === undefined ? await policies.modelsOf(policy) : [request.body.model];
      const ref = randomUUID();
      const { model = null } = request.body;
      await retrainingLauncher.watch({ kind: 'manual', policy: policy.id, model, ref }, `manual-${ref}`);
      const detail = { policy: policy.id, models };
      await deps.audit.write({ actor: request.apiKey?.name ?? '', action: 'decision.ask', subject: policy.id, detail });
      return reply
        .status(202)
        .send({ decisions: models.map((name) => decisionIdOf(policy.id, name, { kind: 'manual', ref })) });
    },
  );

  overrideRoutes(app, deps);
}
