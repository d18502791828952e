import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import { RuleSchema, type RuleTest, ruleOutcomes } from '../../../contracts/rules.ts';
import { createRuleService, inZone } from '../../../domain/events/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams, Limit, TimeParam } from '../../schemas.ts';
import { TimeZoneParam, timeZoneOf } from '../../time-zone.ts';

const Key = Type.Optional(Type.String({ maxLength: 200, description: 'Key of a group.' }));
const Cursor = Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: '`next` of the page before.' }));

/** What rules have done, have gathered, and would do. */
export function ruleHistoryRoutes(app: App, deps: AppDependencies): void {
  const service = createRuleService(deps);
  const viewer = { role: 'viewer' } as const;
  const operator = { role: 'operator' } as const;
  const tags = ['rules'];

  app.get(
    '/v1/rules/:id/evaluations',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'Why a rule did or did not fire: every look at an event or a deadline, newest first',
        params: IdParams,
        querystring: Type.Object(
          {
            outcome: Type.Optional(
              Type.Unsafe<(typeof ruleOutcomes)[number]>(Type.Union(ruleOutcomes.map((o) => Type.Literal(o)))),
            ),
            key: Key,
            cursor: Cursor,
            limit: Type.Optional(Limit),
            timeZone: TimeZoneParam,
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { limit = 50, timeZone, ...filter } = request.query;
      const zone = timeZoneOf(timeZone, 'query.timeZone');
      const { evaluations, next } = await service.evaluations(request.params.id, { ...filter, limit });
      return { evaluations: evaluations.map((one) => ({ ...one, why: inZone(one.why, zone) })), next };
    },
  );

  app.get(
    '/v1/rules/:id/groups',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'What each group of a rule has and waits for, and its deadline',
        params: IdParams,
        querystring: Type.Object(
          { key: Key, cursor: Cursor, limit: Type.Optional(Limit) },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { limit = 50, ...filter } = request.query;
      return service.groups(request.params.id, { ...filter, limit });
    },
  );

  app.post(
    '/v1/rules/test',
    {
      config: operator,
      schema: {
        tags,
        summary: 'What a rule would have done with the stored events of a time; does nothing',
        body: Type.Object(
          {
            id: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'A rule that there is,' })),
            rule: Type.Optional(RuleSchema),
            from: TimeParam,
            to: Type.Optional(TimeParam),
            timeZone: TimeZoneParam,
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request): Promise<RuleTest> => {
      const { id, rule, from, to } = request.body;
      const zone = timeZoneOf(request.body.timeZone, 'body.timeZone');
      const subject = rule ?? id;
      if (subject === undefined || (rule && id !== undefined)) {
        throw new PerennialError('VALIDATION_FAILED', 'The body must hold either `id` or `rule`.', {
          fields: [{ field: 'rule', message: 'or id is required, not both' }],
          remedy: 'Give the id of a rule there is, or a definition.',
        });
      }
      const end = to === undefined ? deps.clock.now() : new Date(to);
      const { evaluations, ...test } = await service.test(subject, new Date(from), end);
      return { ...test, evaluations: evaluations.map((one) => ({ ...one, why: inZone(one.why, zone) })) };
    },
  );
}
