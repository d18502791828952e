import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import {
  type GateCourses,
  gateKinds,
  inconclusiveActions,
  type RolloutCommand,
  type RolloutDefaults,
  type RolloutPlan,
  rolloutCommands,
  rolloutStatuses,
} from '../../../contracts/rollouts.ts';
import { ConfigurationNumber } from '../../../contracts/serving-configurations.ts';
import { type TrafficNow, trafficKey } from '../../../contracts/traffic.ts';
import { kindOf, kindsOf } from '../../../domain/registry/kinds.ts';
import { checkMayMove } from '../../../domain/registry/policy.ts';
import { createRolloutService, gateCourses, planOf } from '../../../domain/rollout/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { Cursor, IdParams, Limit, oneOf, Reason } from '../../schemas.ts';

const share = { minimum: 0, maximum: 1 } as const;
const seconds = { minimum: 0, maximum: 2_592_000 } as const;
const Plan = Type.Object(
  {
    steps: Type.Optional(
      Type.Array(
        Type.Object(
          {
            share: Type.Number({ ...share, description: 'Of the callers; 0: answers are compared, none is served.' }),
            minSeconds: Type.Number(seconds),
            maxSeconds: Type.Number(seconds),
          },
          { additionalProperties: false },
        ),
      ),
    ),
    gates: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ pattern: '^[a-z][a-z0-9-]{0,40}$' }),
            kind: oneOf(gateKinds),
            tolerated: Type.Number({ description: 'How much worse it may be, in the unit of the kind.' }),
            harmful: Type.Number({ description: 'How much worse must be ruled out.' }),
            expected: Type.Optional(Type.Number(share)),
            optional: Type.Optional(Type.Boolean()),
            guardOnly: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false },
        ),
      ),
    ),
    falseAlarms: Type.Optional(Type.Number(share)),
    misses: Type.Optional(Type.Number(share)),
    onInconclusive: Type.Optional(oneOf(inconclusiveActions)),
    comparedPerSecond: Type.Optional(Type.Number({ minimum: 0, maximum: 10_000 })),
  },
  { additionalProperties: false, description: 'What differs from the default plan.' },
);

/** A rollout makes its version the champion: whoever starts one or ends its steps must be allowed to. */
function checkMayPromote({ aliasPolicy }: AppDependencies, { apiKey }: FastifyRequest): string {
  const { name = '', role = 'viewer' } = apiKey ?? {};
  checkMayMove(aliasPolicy, 'champion', { name, role });
  return name;
}

export function rolloutRoutes(app: App, deps: AppDependencies): void {
  const { rollouts, traffic, predictions } = deps;
  const kinds = kindsOf(deps.pipelines.values());
  const service = createRolloutService({ ...deps, kinds });
  const checkMarket = async (model: string, market: string): Promise<void> => {
    if (!kindOf(kinds, model)?.makesLists) return;
    const known = (await predictions.markets()).map((one) => one.market);
    if (known.includes(market)) return;
    throw new PerennialError('VALIDATION_FAILED', `No lists were made for market "${market}" yet.`, {
      fields: [{ field: 'market', value: market, message: `is none of ${known.join(', ')}` }],
      remedy: 'Choose a market that has lists, or leave the market out for all of them.',
    });
  };
  const viewer = { role: 'viewer' } as const;
  const operator = { role: 'operator' } as const;
  const tags = ['rollouts'];

  app.post(
    '/v1/rollouts',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Bring a version of a model, a configuration of it, or both in step by step, guarded by gates',
        description:
          'Answers with the rollout; of a model that makes lists, asked for without a market, with `rollouts`, one of each market.',
        body: Type.Object(
          {
            model: Type.String({ minLength: 1, maxLength: 200 }),
            version: Type.Optional(
              Type.Union(
                [
                  Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
                  Type.String({ pattern: '^[a-z][a-z0-9-]{0,40}$', description: 'An alias, such as challenger.' }),
                ],
                { description: 'Default: the champion, to be served by another configuration.' },
              ),
            ),
            configuration: Type.Optional({
              ...ConfigurationNumber,
              description: 'By which the version is served; 0: the built-in defaults. Default: the one in force.',
            }),
            market: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: 100,
                description: 'Of a model that makes lists: the market. Default: each that has lists.',
              }),
            ),
            plan: Type.Optional(Plan),
            reason: Reason,
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const by = checkMayPromote(deps, request);
      const { market, plan, ...rest } = request.body;
      const { model } = rest;
      if (market !== undefined) await checkMarket(model, market);
      const started = await service.start(
        {
          ...rest,
          ...(market === undefined ? {} : { markets: [market] }),
          ...(plan === undefined ? {} : { plan: plan as Partial<RolloutPlan> }),
        },
        by,
      );
      const [rollout] = started;
      if (rollout === undefined || (market === undefined && kindOf(kinds, model)?.makesLists))
        return reply
          .status(202)
          .header('location', `/v1/rollouts?model=${encodeURIComponent(model)}`)
          .send({ rollouts: started });
      return reply.status(202).header('location', `/v1/rollouts/${rollout.id}`).send(rollout);
    },
  );

  app.get(
    '/v1/rollouts',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'List rollouts, newest first',
        querystring: Type.Object({
          model: Type.Optional(Type.String()),
          status: Type.Optional(oneOf(rolloutStatuses)),
          cursor: Type.Optional(Cursor),
          limit: Limit,
        }),
      },
    },
    async ({ query: { limit, cursor, ...filter } }) =>
      rollouts.list(filter, { limit, ...(cursor === undefined ? {} : { cursor }) }),
  );

  app.get(
    '/v1/rollouts/:id',
    {
      config: viewer,
      schema: { tags, summary: 'A rollout with its gates and what happened', params: IdParams },
    },
    async (request) => service.show(request.params.id),
  );

  app.get(
    '/v1/rollouts/:id/gates',
    {
      config: viewer,
      schema: {
        tags,
        summary:
          'What the gates have seen in the step: means of both versions, and how the difference came to be known',
        params: IdParams,
      },
    },
    async (request): Promise<GateCourses> => gateCourses({ rollouts }, await service.show(request.params.id)),
  );

  app.post(
    '/v1/rollouts/:id/:command',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Pause, resume or abort a rollout, or skip the rest of its step',
        params: Type.Object({ id: IdParams.properties.id, command: oneOf<RolloutCommand>(rolloutCommands) }),
        body: Type.Object({ reason: Reason }, { additionalProperties: false }),
      },
    },
    async (request) => {
      const { id, command } = request.params;
      // What stops a rollout must not wait for somebody with more rights.
      const by = command === 'skip' ? checkMayPromote(deps, request) : (request.apiKey?.name ?? '');
      return service.tell(id, command, request.body.reason, by);
    },
  );

  app.get(
    '/v1/models/:model/rollout-plan',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'How versions of a model are rolled out where nothing else is said: steps and gates',
        params: Type.Object({ model: Type.String() }),
      },
    },
    async ({ params: { model } }): Promise<RolloutDefaults> => {
      const kind = kindOf(kinds, model);
      const makesLists = kind?.makesLists === true;
      const markets = makesLists ? (await predictions.markets()).map(({ market }) => market) : [];
      return { plan: planOf(kind, {}), makesLists, markets };
    },
  );

  app.get(
    '/v1/traffic',
    {
      config: viewer,
      schema: { tags: ['models'], summary: 'Which versions answer now, of all models and of markets of their own' },
    },
    async (): Promise<TrafficNow> => ({ traffic: await traffic.list() }),
  );

  app.get(
    '/v1/models/:model/traffic',
    {
      config: viewer,
      schema: {
        tags: ['models'],
        summary:
          'Which versions of a model, by which configurations, answered which share of the callers, newest first',
        params: Type.Object({ model: Type.String() }),
        querystring: Type.Object({
          market: Type.Optional(Type.String({ maxLength: 100, description: 'Of a model that makes lists.' })),
          limit: Limit,
          before: Type.Optional(Type.Integer({ minimum: 1, description: '`next` of the page before.' })),
        }),
      },
    },
    async ({ params: { model }, query: { market = '', limit, before } }) => {
      const states = await traffic.history(trafficKey(model, market), {
        limit: limit + 1,
        ...(before === undefined ? {} : { before }),
      });
      const page = states.slice(0, limit);
      return { traffic: page, next: states.length > limit ? (page.at(-1)?.revision ?? null) : null };
    },
  );
}
