import type { JsonObject } from '../../contracts/json.ts';
import type { ServingConfiguration } from '../../contracts/serving-configurations.ts';
import type { ServingConfigurationRepository } from '../../domain/ports/serving-configurations.ts';
import { iso, type PrismaClient } from './client.ts';
import type { ServingConfiguration as Row } from './generated/client.ts';
import { lockModel } from './model-aliases.ts';
import { configurationInForce } from './traffic.ts';

const toConfiguration = ({ settings, at, ...row }: Row): ServingConfiguration => ({
  ...row,
  settings: settings as JsonObject,
  at: iso(at),
});

export function servingConfigurationRepository(db: PrismaClient): ServingConfigurationRepository {
  return {
    add: ({ model, sha256, ...given }) =>
      db.$transaction(async (tx) => {
        await lockModel(tx, model);
        const known = await tx.servingConfiguration.findUnique({ where: { model_sha256: { model, sha256 } } });
        if (known) return { configuration: toConfiguration(known), isNew: false };
        const last = await tx.servingConfiguration.aggregate({ where: { model }, _max: { configuration: true } });
        const configuration = (last._max.configuration ?? 0) + 1;
        const row = await tx.servingConfiguration.create({ data: { model, configuration, sha256, ...given } });
        return { configuration: toConfiguration(row), isNew: true };
      }),
    async get(model, configuration) {
      const row = await db.servingConfiguration.findUnique({
        where: { model_configuration: { model, configuration } },
      });
      return row && toConfiguration(row);
    },
    async list(model) {
      const rows = await db.servingConfiguration.findMany({ where: { model }, orderBy: { configuration: 'desc' } });
      return rows.map(toConfiguration);
    },
    inForce: (model) => configurationInForce(db, model),
  };
}
