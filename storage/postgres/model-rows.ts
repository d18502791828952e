import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type {
  AliasChange,
  Labels,
  ModelFacts,
  ModelFile,
  ModelSignature,
  ModelVersion,
} from '../../contracts/models.ts';
import { iso, type PrismaClient } from './client.ts';
import type { ModelAliasChange, ModelVersion as Row } from './generated/client.ts';

/** What reads rows: the client or a transaction of it. */
type Reader = Pick<PrismaClient, 'modelAlias'>;

/** Versions as the registry tells them, with the aliases that point at them. */
export async function toVersions(db: Reader, rows: readonly Row[]): Promise<ModelVersion[]> {
  const aliases = await db.modelAlias.findMany({
    where: { model: { in: [...new Set(rows.map((row) => row.model))] } },
    orderBy: { alias: 'asc' },
  });
  return rows.map((row) => {
    const artifact = row.artifact as unknown as ArtifactRef;
    const files = row.files as unknown as ModelFile[];
    return {
      id: row.id,
      model: row.model,
      version: row.version,
      formatVersion: row.formatVersion,
      artifact,
      files: files.length > 0 ? files : [{ name: 'model', ...artifact }],
      signature: row.signature as ModelSignature | null,
      facts: row.facts as ModelFacts | null,
      metrics: row.metrics as JsonObject,
      lineage: row.lineage as JsonObject,
      runId: row.runId,
      createdAt: iso(row.createdAt),
      description: row.description,
      labels: row.labels as Labels,
      aliases: aliases.filter((a) => a.model === row.model && a.version === row.version).map((a) => a.alias),
      deleted: row.deletedAt && {
        at: iso(row.deletedAt),
        by: row.deletedBy ?? '',
        reason: row.deletedReason ?? '',
      },
    };
  });
}

export async function toVersion(db: Reader, row: Row | null): Promise<ModelVersion | null> {
  return row ? ((await toVersions(db, [row]))[0] ?? null) : null;
}

export function toChange({ id: _, at, kind, ...row }: ModelAliasChange): AliasChange {
  return { ...row, at: iso(at), kind: kind as AliasChange['kind'] };
}
