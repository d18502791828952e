import { finished, pipeline } from 'node:stream/promises';
import { pack as openPack } from 'tar-stream';
import type { CodeVersion, ModelFile, ModelVersion } from '../../../contracts/models.ts';
import type { ArtifactStore } from '../../ports/artifacts.ts';
import { kindOf, type ModelKind } from '../kinds.ts';
import { fileEntry, manifestName, manifestOf } from './manifest.ts';

type Files = Pick<ArtifactStore, 'getStream' | 'getFile' | 'getBytes'>;

/**
 * A version as one tar file: `manifest.json`, then its files. Every file is read and checked before the first byte comes, so
 * that a damaged one is an error and not half an archive.
 *
 * @throws ARTIFACT_MISSING, ARTIFACT_CORRUPT
 */
export async function exportVersion(
  version: ModelVersion,
  {
    artifacts,
    kinds,
    software,
    now,
  }: { artifacts: Files; kinds: readonly ModelKind[]; software: CodeVersion; now: Date },
): Promise<AsyncIterable<Uint8Array>> {
  const files = await allFiles(version, artifacts, kinds);
  for (const file of files) await artifacts.getFile(file);
  const manifest = Buffer.from(JSON.stringify(manifestOf(version, files, software, now), null, 2));
  return archiveOf(manifest, files, artifacts, now);
}

/** The files of a version, and what its first one names beyond them. */
async function allFiles(version: ModelVersion, artifacts: Files, kinds: readonly ModelKind[]): Promise<ModelFile[]> {
  const { files, artifact, model } = version;
  const kind = kindOf(kinds, model);
  if (kind?.formatVersion !== version.formatVersion) return [...files];
  const parts = await kind.parts(artifacts, artifact);
  const unnamed = parts.filter(({ sha256 }) => !files.some((file) => file.sha256 === sha256));
  return [...files, ...unnamed.map((part, i) => ({ name: `part-${i + 1}`, ...part }))];
}

async function* archiveOf(
  manifest: Buffer,
  files: readonly ModelFile[],
  artifacts: Files,
  mtime: Date,
): AsyncGenerator<Uint8Array> {
  const pack = openPack();
  const fill = async (): Promise<void> => {
    pack.entry({ name: manifestName, size: manifest.length, mtime }, manifest);
    for (const file of files) {
      const entry = pack.entry({ name: fileEntry(file.name), size: file.bytes, mtime });
      await pipeline(await artifacts.getStream(file), entry);
      await finished(entry, { readable: false });
    }
    pack.finalize();
  };
  const filling = fill().catch((error: unknown) => {
    pack.destroy(error as Error);
  });
  try {
    yield* pack as AsyncIterable<Uint8Array>;
  } finally {
    pack.destroy();
    await filling;
  }
}
