import { type Static, Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import type { CodeVersion } from '../../../contracts/models.ts';
import {
  Labels,
  ModelFacts,
  ModelFile,
  ModelName,
  ModelSignature,
  type ModelVersion,
  VersionNumber,
} from '../../../contracts/models.ts';
import { schemaFaults } from '../../dag/params.ts';

/** Version of the form of the archive itself; that of the model in it is `formatVersion`. */
const archiveVersion = 1;
/** The first entry of the archive; files follow as `files/<name>`. */
export const manifestName = 'manifest.json';
export const fileEntry = (name: string): string => `files/${name}`;
/** Bytes of a manifest at most. */
export const mostManifest = 4_194_304;

const Values = Type.Record(Type.String(), Type.Unknown());
const OrNull = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

/** What an archive says of the version in it. */
const Manifest = Type.Object({
  kind: Type.Literal('perennial-model'),
  archive: Type.Literal(archiveVersion),
  model: ModelName,
  version: VersionNumber,
  formatVersion: Type.Integer({ minimum: 0, maximum: 2_147_483_647 }),
  runId: Type.String({ minLength: 1, maxLength: 200 }),
  files: Type.Array(ModelFile, { minItems: 1, maxItems: 1000 }),
  signature: OrNull(ModelSignature),
  facts: OrNull(ModelFacts),
  metrics: Values,
  lineage: Values,
  description: Type.String({ maxLength: 10_000 }),
  labels: Labels,
  createdAt: Type.String({ maxLength: 40 }),
  exportedAt: Type.String({ maxLength: 40 }),
  software: Type.Object({ version: Type.String(), commit: OrNull(Type.String()) }),
});
export type Manifest = Static<typeof Manifest>;

export function manifestOf(
  version: ModelVersion,
  files: readonly ModelFile[],
  software: CodeVersion,
  now: Date,
): Manifest {
  const { model, formatVersion, runId, signature, facts, metrics, lineage, description, labels, createdAt } = version;
  return {
    ...{ kind: 'perennial-model', archive: archiveVersion, model, version: version.version, formatVersion, runId },
    ...{ files: [...files], signature, facts, metrics, lineage, description, labels, createdAt },
    ...{ exportedAt: now.toISOString(), software: { ...software } },
  };
}

/** What is wrong with an archive: SOURCE_INVALID. */
export function archiveFault(message: string, cause?: unknown): PerennialError {
  return new PerennialError('SOURCE_INVALID', `The archive ${message}.`, {
    remedy: 'Export the version again with `perennial models export`, and see that the file comes over whole.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Reads a manifest. SOURCE_INVALID with all faults; MODEL_FORMAT when the archive is of another form. */
export function readManifest(bytes: Uint8Array): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw archiveFault(`has a ${manifestName} that is not JSON`, cause);
  }
  const { kind, archive } = (value ?? {}) as Partial<Manifest>;
  if (kind !== 'perennial-model') throw archiveFault('holds no model of Perennial');
  if (archive !== archiveVersion)
    throw new PerennialError(
      'MODEL_FORMAT',
      `The archive has form ${JSON.stringify(archive)}; this code reads form ${archiveVersion}.`,
      {
        remedy: 'Export the version with the same release as this one, or update this one.',
      },
    );
  // PostgreSQL stores neither; JSON.stringify writes halves of surrogate pairs like this, whole ones as they are.
  const unstorable = /\\u(0000|d[89a-f]..)/i.exec(JSON.stringify(value));
  if (unstorable)
    throw archiveFault(`has a ${manifestName} with the character ${unstorable[0]}, which cannot be stored`);
  const faults = schemaFaults(Manifest, value);
  if (faults.length > 0)
    throw archiveFault(`has a ${manifestName} with faults: ${faults.map((f) => `${f.field} ${f.message}`).join('; ')}`);
  const manifest = value as Manifest;
  const names = manifest.files.map(({ name }) => name);
  if (new Set(names).size !== names.length) throw archiveFault('names a file twice');
  if (!names.includes('model')) throw archiveFault('has no file "model", the one that is opened first');
  return manifest;
}
