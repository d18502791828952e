import { randomUUID } from 'node:crypto';
import type { Labels } from '../../contracts/models.ts';
import type { ModelRepository } from '../../domain/ports/models.ts';
import { day, type PrismaClient } from './client.ts';
import { lockModel, moveAlias } from './model-aliases.ts';
import { toChange, toVersion, toVersions } from './model-rows.ts';

export function modelRepository(db: PrismaClient): ModelRepository {
  return {
    async add({ model, formatVersion, artifact, files, signature, facts, metrics, lineage, runId, ...said }) {
      const row = await db.$transaction(async (tx) => {
        await lockModel(tx, model);
        // A repeated call finds the first one's.
        const earlier = await tx.modelVersion.findFirst({ where: { model, runId, sha256: artifact.sha256 } });
        if (earlier?.deletedAt === null) return earlier;
        if (earlier) {
          const again = { deletedAt: null, deletedBy: null, deletedReason: null, filesRemovedAt: null };
          return tx.modelVersion.update({ where: { id: earlier.id }, data: again });
        }
        const last = await tx.modelVersion.aggregate({ where: { model }, _max: { version: true } });
        return tx.modelVersion.create({
          data: {
            id: randomUUID(),
            model,
            version: (last._max.version ?? 0) + 1,
            formatVersion,
            artifact: { ...artifact },
            sha256: artifact.sha256,
            files: (files ?? []).map((file) => ({ ...file })),
            ...(signature && { signature: { ...signature } }),
            ...(facts && { facts: { ...facts } }),
            metrics,
            lineage,
            runId,
            ...said,
          },
        });
      });
      const [version] = await toVersions(db, [row]);
      if (!version) throw new Error('a row gives a version');
      return version;
    },
    async list(model, { deleted = false } = {}) {
      return toVersions(
        db,
        await db.modelVersion.findMany({
          where: { ...(model === undefined ? {} : { model }), ...(deleted ? {} : { deletedAt: null }) },
          orderBy: [{ model: 'asc' }, { version: 'desc' }],
        }),
      );
    },
    async get(model, version, { deleted = false } = {}) {
      const row = await db.modelVersion.findUnique({ where: { model_version: { model, version } } });
      return toVersion(db, deleted || row?.deletedAt === null ? row : null);
    },
    async byAlias(model, alias) {
      const pointer = await db.modelAlias.findUnique({ where: { model_alias: { model, alias } } });
      const version = pointer?.version;
      if (version === undefined) return null;
      return toVersion(db, await db.modelVersion.findUnique({ where: { model_version: { model, version } } }));
    },
    async setAlias(model, alias, version, by, reason, options = {}) {
      await db.$transaction((tx) => moveAlias(tx, { model, alias, version, by, reason, ...options }));
    },
    async history(model, alias) {
      const rows = await db.modelAliasChange.findMany({
        where: { model, ...(alias === undefined ? {} : { alias }) },
        orderBy: { id: 'desc' },
      });
      return rows.map(toChange);
    },
    async describe(model, version, { description, labels }) {
      const row = await db.$transaction(async (tx) => {
        await lockModel(tx, model);
        const key = { model_version: { model, version } };
        const found = await tx.modelVersion.findUnique({ where: key });
        if (found?.deletedAt !== null) return null;
        const merged = Object.entries({ ...(found.labels as Labels), ...labels }).filter(
          (entry): entry is [string, string] => entry[1] !== null,
        );
        return tx.modelVersion.update({
          where: key,
          data: {
            ...(description === undefined ? {} : { description }),
            labels: Object.fromEntries(merged),
          },
        });
      });
      return toVersion(db, row);
    },
    async servedLists(market, until) {
      const newest = await db.offerPrediction.findFirst({
        where: { market, asOf: { lte: new Date(until) } },
        orderBy: { asOf: 'desc' },
      });
      if (!newest) return null;
      const { asOf, runId, modelVersion: version } = newest;
      return {
        market,
        asOf: day(asOf),
        runId,
        version,
        customers: await db.offerPrediction.count({ where: { market, asOf } }),
      };
    },
  };
}
