import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import { findVersion } from '../../../domain/registry/find.ts';
import { deleteVersion, type Keeping, referencesTo } from '../../../domain/registry/keep.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { actorOf, admin, auditOf, NumberParams, operator, tags, viewer, Why } from './common.ts';

const Labels = Type.Record(Type.String(), Type.Union([Type.String({ maxLength: 200 }), Type.Null()]), {
  propertyNames: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$' }),
  maxProperties: 50,
  description: 'Merged into those it has; null takes one away.',
});

/** What people may change of a version, and removing it. */
export function modelVersionRoutes(app: App, deps: AppDependencies): void {
  const { models, modelRetention, artifacts, clock, aliasPolicy: policy, modelHistoryDays: historyDays } = deps;
  const audit = auditOf(deps);
  const path = '/v1/models/:model/versions/:version';
  const keeping = (): Keeping => ({ models, modelRetention, artifacts, policy, historyDays, now: clock.now() });

  app.patch(
    path,
    {
      config: operator,
      schema: {
        tags,
        summary: 'Change description and labels of a version; everything else of it stays as it was published',
        params: NumberParams,
        body: Type.Object(
          { description: Type.Optional(Type.String({ maxLength: 10_000 })), labels: Type.Optional(Labels) },
          { additionalProperties: false, minProperties: 1 },
        ),
      },
    },
    async (request) => {
      const { model, version } = request.params;
      const before = await findVersion(models, model, String(version));
      const changed = await models.describe(model, version, request.body);
      if (!changed) throw new PerennialError('CONFLICT', `Version ${version} of "${model}" is being deleted.`);
      const { description, labels } = before;
      await audit(request, 'describe', `${model}/${version}`, { ...request.body, before: { description, labels } });
      return changed;
    },
  );

  app.get(
    `${path}/references`,
    {
      config: viewer,
      schema: { tags, summary: 'What keeps a version from being deleted', params: NumberParams },
    },
    async (request) => {
      const { model, version } = request.params;
      return { references: await referencesTo(keeping(), await findVersion(models, model, String(version))) };
    },
  );

  app.delete(
    path,
    {
      config: admin,
      schema: {
        tags,
        summary: 'Delete a version that nothing refers to, with the files no other version has; its record stays',
        params: NumberParams,
        querystring: Type.Object({ reason: Why }),
      },
    },
    async (request, reply) => {
      const { model, version } = request.params;
      const { reason } = request.query;
      const by = actorOf(request).name;
      await deleteVersion(keeping(), { model, version, by, reason });
      await audit(request, 'delete', `${model}/${version}`, { reason });
      return reply.status(204).send();
    },
  );
}
