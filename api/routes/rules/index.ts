import { Type } from 'typebox';
import { type RuleDefinition, RuleSchema } from '../../../contracts/rules.ts';
import { createRuleService } from '../../../domain/events/index.ts';
import type { App } from '../../app-type.ts';
import { auditOf, withPathId } from '../../definitions.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams } from '../../schemas.ts';

const Note = Type.String({ minLength: 1, maxLength: 1000, description: 'Why; shown with the rule.' });
/** In a PUT the path names it. */
const PutRule = Type.Object(
  { ...RuleSchema.properties, id: Type.Optional(RuleSchema.properties.id) },
  { additionalProperties: false },
);

export function ruleRoutes(app: App, deps: AppDependencies): void {
  const service = createRuleService(deps);
  const viewer = { role: 'viewer' } as const;
  const operator = { role: 'operator' } as const;
  const tags = ['rules'];
  const log = auditOf(deps.audit);

  app.get('/v1/rules', { config: viewer, schema: { tags, summary: 'List rules' } }, async () => ({
    rules: await service.list(),
  }));

  app.get(
    '/v1/rules/diff',
    { config: viewer, schema: { tags, summary: 'What applying the rules of the code would change' } },
    async () => ({ changes: await service.diff() }),
  );

  app.get('/v1/rules/:id', { config: viewer, schema: { tags, summary: 'A rule', params: IdParams } }, async (request) =>
    service.get(request.params.id),
  );

  app.post(
    '/v1/rules',
    { config: operator, schema: { tags, summary: 'Make a rule', body: RuleSchema } },
    async (request, reply) => {
      const rule = await service.create(request.body);
      await log(request, 'rule.create', rule.id, rule.definition);
      return reply.status(201).header('location', `/v1/rules/${rule.id}`).send(rule);
    },
  );

  app.put(
    '/v1/rules/:id',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Make or replace a rule; one that changes begins with nothing gathered',
        params: IdParams,
        body: PutRule,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { rule, created } = await service.put(withPathId('rule', id, request.body) as RuleDefinition);
      await log(request, created ? 'rule.create' : 'rule.replace', id, rule.definition);
      return reply.status(created ? 201 : 200).send({ ...rule, created });
    },
  );

  app.delete(
    '/v1/rules/:id',
    { config: operator, schema: { tags, summary: 'Remove a rule with its evaluations', params: IdParams } },
    async (request, reply) => {
      await service.remove(request.params.id);
      await log(request, 'rule.remove', request.params.id, {});
      return reply.status(204).send();
    },
  );

  app.post(
    '/v1/rules/:id/disable',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Disable a rule, with a note that says why: it looks at nothing',
        params: IdParams,
        body: Type.Object({ note: Note }, { additionalProperties: false }),
      },
    },
    async (request) => {
      const rule = await service.disable(request.params.id, request.body.note);
      await log(request, 'rule.disable', rule.id, request.body);
      return rule;
    },
  );

  app.post(
    '/v1/rules/:id/enable',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Enable a rule; it begins with nothing gathered',
        params: IdParams,
        body: Type.Object({ note: Type.Optional(Note) }, { additionalProperties: false }),
      },
    },
    async (request) => {
      const { note = `enabled by ${request.apiKey?.name ?? 'the API'}` } = request.body;
      const rule = await service.enable(request.params.id, note);
      await log(request, 'rule.enable', rule.id, { note });
      return rule;
    },
  );
}
