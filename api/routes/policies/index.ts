import { Type } from 'typebox';
import { MarkedDegradationSchema } from '../../../contracts/backtests.ts';
import { type PolicyDefinition, PolicySchema } from '../../../contracts/policies.ts';
import { type BacktestRequest, createPolicyService } from '../../../domain/monitoring/retraining/index.ts';
import type { App } from '../../app-type.ts';
import { auditOf, withPathId } from '../../definitions.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { DateParam, IdParams } from '../../schemas.ts';

/** In a PUT the path names it. */
const PutPolicy = Type.Object(
  { ...PolicySchema.properties, id: Type.Optional(PolicySchema.properties.id) },
  { additionalProperties: false },
);
const Model = Type.String({ minLength: 1, maxLength: 200, description: 'A model; default: the only one there is.' });
const Version = Type.Integer({ minimum: 1, description: 'A version of a stored policy; default: the present one.' });
const Tested = Type.Union([PolicySchema, Type.String({ minLength: 1, maxLength: 100 })], {
  description: 'The id of a policy, or one that is not stored.',
});

const Backtest = Type.Object(
  {
    policy: Tested,
    version: Type.Optional(Version),
    against: Type.Optional(
      Type.Union([Tested, Type.Object({ version: Version }, { additionalProperties: false })], {
        description: 'Another policy, or another version, on the same past.',
      }),
    ),
    model: Type.Optional(Model),
    from: Type.Optional(DateParam),
    to: Type.Optional(DateParam),
    degradations: Type.Optional(
      Type.Array(MarkedDegradationSchema, {
        maxItems: 100,
        description: 'Degradations that you know; default: those that can be told from the figures after the fact.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Retraining policies. */
export function policyRoutes(app: App, deps: AppDependencies): void {
  const service = createPolicyService(deps);
  const viewer = { role: 'viewer' } as const;
  const operator = { role: 'operator' } as const;
  const tags = ['policies'];
  const log = auditOf(deps.audit);

  app.get('/v1/policies', { config: viewer, schema: { tags, summary: 'List retraining policies' } }, async () => ({
    policies: await service.list(),
  }));

  app.get(
    '/v1/policies/diff',
    { config: viewer, schema: { tags, summary: 'What applying the policies of the code would change' } },
    async () => ({ changes: await service.diff() }),
  );

  app.get(
    '/v1/policies/:id',
    { config: viewer, schema: { tags, summary: 'A policy, and the models it decides about', params: IdParams } },
    async (request) => {
      const policy = await service.get(request.params.id);
      return { ...policy, models: await service.modelsOf(policy) };
    },
  );

  app.get(
    '/v1/policies/:id/versions',
    { config: viewer, schema: { tags, summary: 'Every version of a policy, newest first', params: IdParams } },
    async (request) => ({ versions: await service.versions(request.params.id) }),
  );

  app.post(
    '/v1/policies',
    { config: operator, schema: { tags, summary: 'Make a policy', body: PolicySchema } },
    async (request, reply) => {
      const policy = await service.create(request.body, request.apiKey?.name ?? '');
      await log(request, 'policy.create', policy.id, policy.definition);
      return reply.status(201).header('location', `/v1/policies/${policy.id}`).send(policy);
    },
  );

  app.put(
    '/v1/policies/:id',
    {
      config: operator,
      schema: { tags, summary: 'Make a policy, or add a version to it', params: IdParams, body: PutPolicy },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { policy, created } = await service.put(
        withPathId('policy', id, request.body) as PolicyDefinition,
        request.apiKey?.name ?? '',
      );
      await log(request, created ? 'policy.create' : 'policy.replace', id, policy.definition);
      return reply.status(created ? 201 : 200).send({ ...policy, created });
    },
  );

  app.delete(
    '/v1/policies/:id',
    {
      config: operator,
      schema: { tags, summary: 'Remove a policy; its versions and decisions stay', params: IdParams },
    },
    async (request, reply) => {
      await service.remove(request.params.id);
      await log(request, 'policy.remove', request.params.id, {});
      return reply.status(204).send();
    },
  );

  app.post(
    '/v1/policies/:id/evaluate',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'What a policy says now of its models; nothing is kept or done',
        params: IdParams,
        body: Type.Object({ model: Type.Optional(Model) }, { additionalProperties: false }),
      },
    },
    async (request) => ({ evaluations: await service.evaluate(request.params.id, request.body.model) }),
  );

  app.post(
    '/v1/policies/backtest',
    {
      config: viewer,
      schema: { tags, summary: 'What one or two policies would have decided on the stored past', body: Backtest },
    },
    async (request) => service.backtest(request.body as BacktestRequest),
  );
}
