import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { ArtifactStore, CheckpointStore } from '../../domain/ports/artifacts.ts';
import type { DocumentFiles } from '../../domain/ports/documents.ts';

/** Artifacts as files named by their sha256, in 256 folders. A file is complete from the moment it has its name. */
export function fileArtifactStore(folder: string): ArtifactStore {
  const pathOf = (sha256: string): string => join(folder, sha256.slice(0, 2), sha256);
  const refOf = (sha256: string, bytes: number): ArtifactRef => ({ uri: `artifact:sha256:${sha256}`, sha256, bytes });

  const put = async (open: () => Readable): Promise<ArtifactRef> => {
    const hash = createHash('sha256');
    let bytes = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    const part = join(folder, 'parts', randomUUID());
    await mkdir(dirname(part), { recursive: true });
    try {
      await pipeline(open(), measure, createWriteStream(part, { flush: true }));
      const ref = refOf(hash.digest('hex'), bytes);
      const path = pathOf(ref.sha256);
      await mkdir(dirname(path), { recursive: true });
      // Also over a file of that name: it holds the same, or is damaged and this repairs it.
      await rename(part, path);
      return ref;
    } catch (error) {
      throw toDiskError(error);
    } finally {
      await rm(part, { force: true });
    }
  };

  const verified = async (ref: ArtifactRef): Promise<string> => {
    const path = pathOf(ref.sha256);
    if (!(await exists(path))) {
      throw new PerennialError('ARTIFACT_MISSING', `Artifact ${ref.sha256} is not in the store.`, {
        remedy: 'Check PERENNIAL_ARTIFACTS; every process must see the same store.',
      });
    }
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    if (hash.digest('hex') !== ref.sha256) {
      throw new PerennialError('ARTIFACT_CORRUPT', `Artifact ${ref.sha256} does not match its hash.`, {
        remedy: 'Restore the file from a backup, or run the step that made it again.',
      });
    }
    return path;
  };

  return {
    putBytes: (content) => put(() => Readable.from([Buffer.from(content)])),
    putStream: (content) => put(() => Readable.from(content, { objectMode: false })),
    putFile: (path) => put(() => createReadStream(path)),
    getFile: verified,
    getBytes: async (ref) => readFile(await verified(ref)),
    has: (ref) => exists(pathOf(ref.sha256)),
  };
}

/** Files of documents: a folder of artifacts for each. */
export function fileDocumentFiles(folder: string): DocumentFiles {
  const folderOf = (id: string): string => {
    // The id becomes part of a path.
    if (!/^[0-9a-f-]{36}$/.test(id)) throw new Error(`"${id}" is no id of a document`);
    return join(folder, id);
  };
  return {
    of: (id) => fileArtifactStore(folderOf(id)),
    remove: (id) => rm(folderOf(id), { recursive: true, force: true }),
  };
}

/** Checkpoints as files named by the hash of their key. */
export function fileCheckpointStore(folder: string): CheckpointStore {
  const pathOf = (key: string): string => join(folder, createHash('sha256').update(key).digest('hex'));
  return {
    async save(key, content) {
      const path = pathOf(key);
      const part = `${path}.${randomUUID()}`;
      await mkdir(folder, { recursive: true });
      try {
        const file = await open(part, 'w');
        try {
          await file.writeFile(content);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(part, path);
      } catch (error) {
        await rm(part, { force: true });
        throw toDiskError(error);
      }
    },
    async load(key) {
      try {
        return await readFile(pathOf(key));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    remove: (key) => rm(pathOf(key), { force: true }),
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function toDiskError(error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') return error;
  return new PerennialError('DISK_FULL', 'There is no space left for artifacts.', {
    remedy: 'Free space under PERENNIAL_ARTIFACTS.',
    cause: error,
  });
}
