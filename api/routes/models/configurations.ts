import { Type } from 'typebox';
import type { JsonObject } from '../../../contracts/json.ts';
import {
  type ConfigurationComparison,
  type ConfigurationList,
  ConfigurationNumber,
} from '../../../contracts/serving-configurations.ts';
import {
  addConfiguration,
  compareSettings,
  completeSettings,
  findConfiguration,
  settingsOf,
} from '../../../domain/registry/configurations.ts';
import { kindsOf } from '../../../domain/registry/kinds.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { actorOf, auditOf, ModelParams, operator, tags, viewer, Why } from './common.ts';

/** Configurations by which models are served. They serve nobody before they are rolled out. */
export function modelConfigurationRoutes(app: App, deps: AppDependencies): void {
  const { models, configurations, pipelines } = deps;
  const kinds = kindsOf(pipelines.values());
  const audit = auditOf(deps);
  const path = '/v1/models/:model/configurations';

  app.get(
    path,
    {
      config: viewer,
      schema: {
        tags,
        summary: 'Configurations of a model, newest first, which one is in force, and the settings there are',
        params: ModelParams,
      },
    },
    async (request): Promise<ConfigurationList> => {
      const { model } = request.params;
      const { properties: settings } = settingsOf(kinds, model);
      const [inForce, all] = await Promise.all([configurations.inForce(model), configurations.list(model)]);
      return { model, inForce, settings, configurations: all };
    },
  );

  app.get(
    `${path}/compare`,
    {
      config: viewer,
      schema: {
        tags,
        summary: 'Two configurations side by side, setting by setting; 0: the built-in defaults',
        params: ModelParams,
        querystring: Type.Object({ a: ConfigurationNumber, b: ConfigurationNumber }),
      },
    },
    async (request): Promise<ConfigurationComparison> => {
      const { model } = request.params;
      const { a, b } = request.query;
      const schema = settingsOf(kinds, model);
      const [from, to] = await Promise.all([a, b].map((one) => findConfiguration(configurations, model, one)));
      return { model, a, b, settings: compareSettings(schema, from?.settings ?? {}, to?.settings ?? {}) };
    },
  );

  app.get(
    `${path}/:configuration`,
    {
      config: viewer,
      schema: {
        tags,
        summary: 'A configuration: what it sets, and all settings with the built-in defaults for the others',
        params: Type.Object({ ...ModelParams.properties, configuration: ConfigurationNumber }),
      },
    },
    async (request) => {
      const { model, configuration } = request.params;
      const schema = settingsOf(kinds, model);
      const found = await findConfiguration(configurations, model, configuration);
      return { ...found, complete: completeSettings(schema, found.settings) };
    },
  );

  app.post(
    path,
    {
      config: operator,
      schema: {
        tags,
        summary: 'Keep settings as the next configuration of a model; the same settings give the one there is (200)',
        params: ModelParams,
        body: Type.Object(
          {
            settings: Type.Record(Type.String(), Type.Unknown(), {
              description: 'Those that differ from the built-in defaults; GET shows which there are.',
            }),
            reason: Why,
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const { model } = request.params;
      const { settings, reason } = request.body;
      const by = actorOf(request).name;
      const { configuration: made, isNew } = await addConfiguration(
        { configurations, models, kinds },
        { model, settings: settings as JsonObject, by, reason },
      );
      if (isNew)
        await audit(request, 'configure', `${model}/${made.configuration}`, { settings: made.settings, reason });
      return reply
        .status(isNew ? 201 : 200)
        .header('location', `/v1/models/${encodeURIComponent(model)}/configurations/${made.configuration}`)
        .send(made);
    },
  );
}
