import { Type } from 'typebox';
import { VersionNumber } from '../../../contracts/models.ts';
import { ConfigurationNumber } from '../../../contracts/serving-configurations.ts';
import { type Moved, moveAlias, rollBack } from '../../../domain/registry/aliases.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { AliasParams, actorOf, auditOf, Expected, operator, tags, Why } from './common.ts';

const Configuration = Type.Optional({
  ...ConfigurationNumber,
  description: 'Of the alias champion: the configuration it is served by. Default: the one in force stays.',
});
const configured = ({ configuration }: { configuration?: number }) =>
  configuration === undefined ? {} : { configuration };

/** Changes of what serves. Protected aliases need more than the role of these routes; see AliasPolicy. */
export function modelAliasRoutes(app: App, deps: AppDependencies): void {
  const { models, aliasPolicy: policy } = deps;
  const registry = { models, policy };
  const audit = auditOf(deps);
  const path = '/v1/models/:model/aliases/:alias';

  app.post(
    path,
    {
      config: operator,
      schema: {
        tags,
        summary: 'Point an alias at a version; a protected one needs the role PERENNIAL_PROTECTED_ALIASES says',
        params: AliasParams,
        body: Type.Object(
          { version: VersionNumber, configuration: Configuration, reason: Why, expected: Expected },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { model, alias } = request.params;
      const { version, reason, ...how } = request.body;
      const moved = await moveAlias(registry, { model, alias, version, reason, ...how, actor: actorOf(request) });
      await audit(request, 'alias', `${model}/${alias}`, { ...moved, ...configured(request.body), reason });
      return models.get(model, version);
    },
  );

  app.post(
    `${path}/rollback`,
    {
      config: operator,
      schema: {
        tags,
        summary: 'Point an alias at the version before; again: at the one before that',
        params: AliasParams,
        body: Type.Object(
          { configuration: Configuration, reason: Why, expected: Expected },
          { additionalProperties: false },
        ),
      },
    },
    async (request): Promise<Moved> => {
      const { model, alias } = request.params;
      const { reason } = request.body;
      const moved = await rollBack(registry, { model, alias, ...request.body, actor: actorOf(request) });
      await audit(request, 'rollback', `${model}/${alias}`, { ...moved, ...configured(request.body), reason });
      return moved;
    },
  );

  app.delete(
    path,
    {
      config: operator,
      schema: {
        tags,
        summary: 'Remove an alias: it points at no version',
        params: AliasParams,
        querystring: Type.Object({ reason: Why }),
      },
    },
    async (request, reply) => {
      const { model, alias } = request.params;
      const { reason } = request.query;
      const moved = await moveAlias(registry, { model, alias, version: null, reason, actor: actorOf(request) });
      await audit(request, 'alias', `${model}/${alias}`, { ...moved, reason });
      return reply.status(204).send();
    },
  );
}
