import { randomUUID } from 'node:crypto';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import type { ModelRepository } from '../../domain/ports/models.ts';
import { iso, type PrismaClient } from './client.ts';
import type { ModelVersion as Row } from './generated/client.ts';
import { lockModel, moveAlias } from './model-aliases.ts';

export function modelRepository(db: PrismaClient): ModelRepository {
  const withAliases = async (rows: readonly Row[]): Promise<ModelVersion[]> => {
    const aliases = await db.modelAlias.findMany({
      where: { model: { in: [...new Set(rows.map((row) => row.model))] } },
    });
    return rows.map((row) => ({
      id: row.id,
      model: row.model,
      version: row.version,
      formatVersion: row.formatVersion,
      artifact: row.artifact as unknown as ArtifactRef,
      metrics: row.metrics as JsonObject,
      lineage: row.lineage as JsonObject,
      createdAt: iso(row.createdAt),
      aliases: aliases.filter((a) => a.model === row.model && a.version === row.version).map((a) => a.alias),
    }));
  };
  const one = async (row: Row | null): Promise<ModelVersion | null> =>
    row ? ((await withAliases([row]))[0] ?? null) : null;

  return {
    async add({ model, formatVersion, artifact, metrics, lineage, runId }) {
      const row = await db.$transaction(async (tx) => {
        // One writer a model at a time, so that versions have no gaps and a repeated call finds the first one's.
        await lockModel(tx, model);
        const earlier = await tx.modelVersion.findFirst({ where: { model, runId, sha256: artifact.sha256 } });
        if (earlier) return earlier;
        const last = await tx.modelVersion.aggregate({ where: { model }, _max: { version: true } });
        return tx.modelVersion.create({
          data: {
            id: randomUUID(),
            model,
            version: (last._max.version ?? 0) + 1,
            formatVersion,
            artifact: { ...artifact },
            sha256: artifact.sha256,
            metrics,
            lineage,
            runId,
          },
        });
      });
      return (await withAliases([row]))[0] as ModelVersion;
    },
    async list(model) {
      return withAliases(
        await db.modelVersion.findMany({
          where: model === undefined ? {} : { model },
          orderBy: [{ model: 'asc' }, { version: 'desc' }],
        }),
      );
    },
    async get(model, version) {
      return one(await db.modelVersion.findUnique({ where: { model_version: { model, version } } }));
    },
    async byAlias(model, alias) {
      const pointer = await db.modelAlias.findUnique({ where: { model_alias: { model, alias } } });
      return (
        pointer &&
        one(await db.modelVersion.findUnique({ where: { model_version: { model, version: pointer.version } } }))
      );
    },
    async setAlias(model, alias, version, by, reason) {
      await db.$transaction((tx) => moveAlias(tx, { model, alias, version, by, reason }));
    },
    async history(model, alias) {
      const rows = await db.modelAliasChange.findMany({
        where: { model, ...(alias === undefined ? {} : { alias }) },
        orderBy: { id: 'desc' },
      });
      return rows.map(({ id: _, at, ...row }) => ({ ...row, at: iso(at) }));
    },
  };
}
