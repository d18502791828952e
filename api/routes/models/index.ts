import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import { type AliasHistory, AliasName, type ModelList, type ServedAnswer } from '../../../contracts/models.ts';
import { compareVersions } from '../../../domain/registry/compare.ts';
import { findVersion } from '../../../domain/registry/find.ts';
import { periodsOf, servedBetween, versionBefore } from '../../../domain/registry/history.ts';
import { kindOf, kindsOf } from '../../../domain/registry/kinds.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { TimeParam } from '../../schemas.ts';
import { Choice, ModelParams, tags, VersionParams, viewer } from './common.ts';

const dayMs = 86_400_000;

/** What the registry holds, what served when, and versions side by side. */
export function modelRoutes(app: App, { models, traffic, clock, pipelines, aliasPolicy }: AppDependencies): void {
  const kinds = kindsOf(pipelines.values());

  app.get(
    '/v1/models',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'Versions of models',
        querystring: Type.Object({
          model: Type.Optional(Type.String()),
          deleted: Type.Optional(Type.Boolean({ description: 'Records of deleted versions too. Default: false.' })),
        }),
      },
    },
    async (request): Promise<ModelList> => {
      const { model, deleted = false } = request.query;
      return { models: await models.list(model, { deleted }), protectedAliases: aliasPolicy };
    },
  );

  app.get(
    '/v1/models/:model/versions/:version',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'A version: files, signature, metrics, lineage; also of one that was deleted',
        params: VersionParams,
      },
    },
    async (request) => findVersion(models, request.params.model, request.params.version, { deleted: true }),
  );

  app.get(
    '/v1/models/:model/history',
    {
      config: viewer,
      schema: {
        tags,
        summary:
          'What each alias pointed at from when until when, by whom and why, newest first, and what it would be rolled back to',
        params: ModelParams,
        querystring: Type.Object({ alias: Type.Optional(AliasName) }),
      },
    },
    async (request): Promise<AliasHistory> => {
      const { model } = request.params;
      const [history, versions] = await Promise.all([models.history(model, request.query.alias), models.list(model)]);
      const there = new Set(versions.map(({ version }) => version));
      const backTo = [...new Set(history.map(({ alias }) => alias))].map((alias) => {
        const changes = history.filter((change) => change.alias === alias);
        return [alias, versionBefore(changes, (version) => there.has(version))] as const;
      });
      return { changes: periodsOf(history), backTo: Object.fromEntries(backTo) };
    },
  );

  app.get(
    '/v1/models/:model/served',
    {
      config: viewer,
      schema: {
        tags,
        summary:
          'What served at a time, or on a day: versions and configurations with their shares of the callers, the latest first',
        params: ModelParams,
        querystring: Type.Object({
          at: Type.Optional(TimeParam),
          alias: Type.Optional(AliasName),
          market: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 100,
              description: 'Tells which lists of this market were in use too.',
            }),
          ),
        }),
      },
    },
    async (request): Promise<ServedAnswer> => {
      const { model } = request.params;
      const { at = clock.now().toISOString(), alias = 'champion', market } = request.query;
      const isDay = at.length === 10;
      const from = new Date(at).toISOString();
      const to = isDay ? new Date(Date.parse(from) + dayMs).toISOString() : from;
      if (market !== undefined && !kindOf(kinds, model)?.makesLists)
        throw new PerennialError('PARAMETER_INVALID', `No lists of markets are made with the model "${model}".`, {
          fields: [{ field: 'query.market', value: market, message: 'is only known of models that make lists' }],
          remedy: 'Leave market away.',
        });
      const served = await servedBetween({ models, traffic }, { model, alias, from, to });
      const lists = market === undefined ? null : await models.servedLists(market, from.slice(0, 10));
      return { model, alias, at, served, lists };
    },
  );

  app.get(
    '/v1/models/:model/compare',
    {
      config: viewer,
      schema: {
        tags,
        summary:
          'Two versions side by side: metrics with what is better, and the parameters, data and code that differ',
        params: ModelParams,
        querystring: Type.Object({ a: Choice, b: Choice }),
      },
    },
    async (request) => {
      const find = (choice: string) => findVersion(models, request.params.model, choice, { deleted: true });
      const [a, b] = await Promise.all([find(request.query.a), find(request.query.b)]);
      return compareVersions(a, b);
    },
  );
}
