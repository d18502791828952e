import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { ArtifactStore, CheckpointStore } from '../../domain/ports/artifacts.ts';
import type { DocumentFiles } from '../../domain/ports/documents.ts';

/** Artifacts as files named by their sha256, in 256 folders. A file is complete from the moment it has its name. */
export function fileArtifactStore(folder: string): ArtifactStore {
  const pathOf = ({ sha256 }: Pick<ArtifactRef, 'sha256'>): string => join(folder, sha256.slice(0, 2), sha256);

  const put = async (open: () => Readable): Promise<ArtifactRef> => {
    const { part, ref } = await writePart(folder, open);
    await enter(part, pathOf(ref));
    return ref;
  };

  return {
    putBytes: (content) => put(() => Readable.from([Buffer.from(content)])),
    putStream: (content) => put(() => Readable.from(content, { objectMode: false })),
    putFile: (path) => put(() => createReadStream(path)),
    getFile: (ref) => verified(ref, pathOf(ref)),
    getBytes: async (ref) => readFile(await verified(ref, pathOf(ref))),
    async getStream(ref) {
      const path = pathOf(ref);
      if (!(await exists(path))) throw missing(ref);
      return streamed(ref, path);
    },
    has: (ref) => exists(pathOf(ref)),
    stage() {
      const parts = new Map<string, string>();
      return {
        async putStream(content) {
          if (parts.size === 0) await removeOldParts(folder);
          const { part, ref } = await writePart(folder, () => Readable.from(content, { objectMode: false }));
          const before = parts.get(ref.sha256);
          parts.set(ref.sha256, part);
          if (before !== undefined) await rm(before, { force: true });
          return ref;
        },
        getBytes: async (ref) => readFile(await verified(ref, parts.get(ref.sha256) ?? pathOf(ref))),
        async commit() {
          for (const [sha256, part] of parts) {
            await enter(part, pathOf({ sha256 }));
            parts.delete(sha256);
          }
        },
        async discard() {
          for (const part of parts.values()) await rm(part, { force: true });
          parts.clear();
        },
      };
    },
    async remove(ref, unless) {
      const path = pathOf(ref);
      const aside = join(folder, 'parts', randomUUID());
      const isYoung = async (place: string) => (await stat(place)).mtime > unless;
      try {
        // What is known to stay is not moved: others read it, and this process may die meanwhile.
        if (await isYoung(path)) return false;
        await mkdir(dirname(aside), { recursive: true });
        // Out of the way: who stores it again from now on writes a file of its own.
        await rename(path, aside);
        if (await isYoung(aside)) {
          await rename(aside, path);
          return false;
        }
        await rm(aside);
        return true;
      } catch (error) {
        // Somebody else has removed it.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
        throw error;
      }
    },
  };
}

/** Writes content beside the artifacts, under a name of its own; nothing stays when it breaks off. */
async function writePart(folder: string, open: () => Readable): Promise<{ part: string; ref: ArtifactRef }> {
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
  } catch (error) {
    await rm(part, { force: true });
    throw toDiskError(error);
  }
  const sha256 = hash.digest('hex');
  return { part, ref: { uri: `artifact:sha256:${sha256}`, sha256, bytes } };
}

/** Parts of this age were left by processes that died: one that is written is younger. */
const oldPartMs = 86_400_000;

async function removeOldParts(folder: string): Promise<void> {
  const parts = join(folder, 'parts');
  for (const name of await readdir(parts).catch(() => [])) {
    const path = join(parts, name);
    // Another process may have been faster.
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > oldPartMs) await rm(path, { force: true });
  }
}

/** Gives a part its name; also over a file of that name: it holds the same, or is damaged and this repairs it. */
async function enter(part: string, path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw toDiskError(error);
  }
}

/** The path, once what is there has the hash it should have. */
async function verified(ref: ArtifactRef, path: string): Promise<string> {
  if (!(await exists(path))) throw missing(ref);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  if (hash.digest('hex') !== ref.sha256) throw corrupt(ref);
  return path;
}

async function* streamed(ref: ArtifactRef, path: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer);
    yield chunk as Buffer;
  }
  if (hash.digest('hex') !== ref.sha256) throw corrupt(ref);
}

function missing({ sha256 }: ArtifactRef): PerennialError {
  return new PerennialError('ARTIFACT_MISSING', `Artifact ${sha256} is not in the store.`, {
    remedy: 'Check PERENNIAL_ARTIFACTS; every process must see the same store.',
  });
}

function corrupt({ sha256 }: ArtifactRef): PerennialError {
  return new PerennialError('ARTIFACT_CORRUPT', `Artifact ${sha256} does not match its hash.`, {
    remedy: 'Restore the file from a backup, or run the step that made it again.',
  });
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
