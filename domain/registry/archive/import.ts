import { pipeline } from 'node:stream/promises';
import { type Header, extract as openExtract } from 'tar-stream';
import { PerennialError } from '../../../contracts/errors.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { ModelFile, ModelVersion } from '../../../contracts/models.ts';
import type { ArtifactStage, ArtifactStore } from '../../ports/artifacts.ts';
import type { ModelRepository } from '../../ports/models.ts';
import { checkVersion, type ModelKind } from '../kinds.ts';
import { archiveFault, fileEntry, type Manifest, manifestName, mostManifest, readManifest } from './manifest.ts';

export interface Imported {
  readonly version: ModelVersion;
  /** Whether a pipeline here makes such models, so that its format was checked. */
  readonly checked: boolean;
}

/**
 * Adds the version in an archive to the registry while it comes in. Hashes are compared and the format checked before anything
 * is kept; of an archive that breaks off or does not hold, nothing stays. The same archive again gives the version it gave
 * before, also where it was exported.
 *
 * @param options.name of the model; default: as the archive has it.
 * @throws SOURCE_INVALID, MODEL_FORMAT, DISK_FULL
 */
export async function importVersion(
  archive: AsyncIterable<Uint8Array>,
  {
    models,
    artifacts,
    kinds,
  }: { models: Pick<ModelRepository, 'add'>; artifacts: ArtifactStore; kinds: readonly ModelKind[] },
  { name }: { name?: string | undefined } = {},
): Promise<Imported> {
  const stage = artifacts.stage();
  try {
    const { manifest, files } = await receive(archive, stage);
    const model = name ?? manifest.model;
    const { formatVersion, signature, facts, description, labels, runId } = manifest;
    const { name: _, ...artifact } = files.find((file) => file.name === 'model') as ModelFile;
    const checked = await checkVersion(kinds, stage, { model, formatVersion, artifact, files });
    await stage.commit();
    const { model: from, version: number, exportedAt } = manifest;
    const version = await models.add({
      ...{ model, formatVersion, artifact, files, description, labels, runId },
      ...(signature && { signature }),
      ...(facts && { facts }),
      metrics: manifest.metrics as JsonObject,
      lineage: { ...(manifest.lineage as JsonObject), imported: { model: from, version: number, exportedAt } },
    });
    return { version, checked };
  } finally {
    await stage.discard();
  }
}

/** Reads the archive to its end; its files are on the stage then. */
async function receive(
  archive: AsyncIterable<Uint8Array>,
  stage: ArtifactStage,
): Promise<{ manifest: Manifest; files: ModelFile[] }> {
  const extract = openExtract();
  // Its error ends the loop below too.
  const feeding = pipeline(archive, extract).catch(() => {});
  const missing = new Map<string, ModelFile>();
  const files: ModelFile[] = [];
  let manifest: Manifest | undefined;
  try {
    for await (const entry of extract) {
      if (manifest === undefined) {
        manifest = await firstEntry(entry.header, contentOf(entry));
        for (const file of manifest.files) missing.set(fileEntry(file.name), file);
        continue;
      }
      const { name } = entry.header;
      const file = missing.get(name);
      if (!file || entry.header.type !== 'file')
        throw archiveFault(`holds "${name}", which its manifest does not name, or holds it twice`);
      if (entry.header.size !== file.bytes)
        throw archiveFault(`has ${entry.header.size} bytes of "${name}"; its manifest says ${file.bytes}`);
      const ref = await stage.putStream(contentOf(entry));
      if (ref.sha256 !== file.sha256)
        throw archiveFault(`has a file "${name}" of the hash ${ref.sha256}; its manifest says ${file.sha256}`);
      files.push({ name: file.name, ...ref });
      missing.delete(name);
    }
  } catch (error) {
    if (error instanceof PerennialError) throw error;
    throw archiveFault(`cannot be read: ${error instanceof Error ? error.message : String(error)}`, error);
  } finally {
    extract.destroy();
    await feeding;
  }
  if (!manifest) throw archiveFault('is empty');
  if (missing.size > 0) throw archiveFault(`ends before ${[...missing.keys()].join(', ')}`);
  return { manifest, files };
}

/** What an entry yields. */
const contentOf = (entry: AsyncIterable<unknown>) => entry as AsyncIterable<Uint8Array>;

async function firstEntry({ name, size }: Header, content: AsyncIterable<Uint8Array>): Promise<Manifest> {
  if (name !== manifestName) throw archiveFault(`begins with "${name}", not with ${manifestName}`);
  if (size > mostManifest) throw archiveFault(`has a ${manifestName} of ${size} bytes, more than ${mostManifest}`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return readManifest(Buffer.concat(chunks));
}
