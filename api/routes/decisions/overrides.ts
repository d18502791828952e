import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { createOverrideService, type Person } from '../../../domain/monitoring/retraining/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams, Reason } from '../../schemas.ts';

const OverrideParams = Type.Object({
  ...IdParams.properties,
  override: Type.String({ minLength: 1, maxLength: 100 }),
});
const Answer = Type.Object(
  { note: Type.Optional(Type.String({ maxLength: 1000, description: 'What there is to say to it.' })) },
  { additionalProperties: false },
);

/** Verdicts of people in the place of decisions' own. */
export function overrideRoutes(app: App, deps: AppDependencies): void {
  const service = createOverrideService({ ...deps, launcher: deps.retrainingLauncher });
  const operator = { role: 'operator' } as const;
  const tags = ['decisions'];
  const personOf = ({ apiKey }: FastifyRequest): Person => ({ name: apiKey?.name ?? '', key: apiKey?.id ?? '' });

  app.post(
    '/v1/decisions/:id/overrides',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Ask for another verdict; where the policy wants four eyes, somebody else approves it',
        params: IdParams,
        body: Type.Object(
          {
            verdict: Type.Union([Type.Literal('retrain'), Type.Literal('challenger'), Type.Literal('keep')]),
            reason: Reason,
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const decision = await service.request(id, request.body, personOf(request));
      const override = decision.overrides.at(-1);
      const detail = { ...request.body, override: override?.id ?? '', status: override?.status ?? '' };
      await deps.audit.write({ actor: request.apiKey?.name ?? '', action: 'decision.override', subject: id, detail });
      return reply.status(201).send(decision);
    },
  );

  for (const [action, status] of [
    ['approve', 'approved'],
    ['decline', 'declined'],
  ] as const)
    app.post(
      `/v1/decisions/:id/overrides/:override/${action}`,
      {
        config: operator,
        schema: {
          tags,
          summary: action === 'approve' ? 'Approve an override: it counts, and is carried out' : 'Decline an override',
          params: OverrideParams,
          body: Answer,
        },
      },
      async (request) => {
        const { id, override } = request.params as { id: string; override: string };
        const { note = '' } = request.body as { note?: string };
        const decision = await service.answer(id, override, { status, note }, personOf(request));
        const actor = request.apiKey?.name ?? '';
        await deps.audit.write({
          actor,
          action: `decision.override-${action}`,
          subject: id,
          detail: { override, note },
        });
        return decision;
      },
    );
}
