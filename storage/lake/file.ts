import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PerennialError } from '../../contracts/errors.ts';
import type { Lake, Partition, PartitionInfo } from '../../domain/ports/lake.ts';

/** Names the version of a partition that counts; replaced by a rename, so a reader sees the old or the new one. */
const manifestName = '_current.json';

/** Folders of a level that are looked at at a time. */
const sideBySide = 32;

/** A reader may still be at a version so long after it was replaced. */
const readMs = 3_600_000;
/** Ends the name of the file that says since when a version is replaced. */
const replacedSuffix = '.replaced';

/** No writer takes so long: what is older and does not count was left behind. */
const abandonedMs = 24 * 3_600_000;

interface Manifest {
  readonly version: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * The lake in a folder: `dataset/market=DE/date=2011-11-08/` holds one folder per version and a manifest that names the
 * one that counts. A replaced version stays for those who read it, and goes with the first replacement an hour later or more; one
 * that a crash left behind goes with one a day later. What is written again unchanged replaces nothing.
 */
export function fileLake(folder: string): Lake {
  const pathOf = (dataset: string, partition: Partition): string =>
    join(folder, dataset, ...Object.entries(partition).map(([key, value]) => `${key}=${encode(value)}`));

  const infoOf = (
    dataset: string,
    partition: Partition,
    path: string,
    { version, rows, bytes, sha256 }: Manifest,
  ): PartitionInfo => ({
    dataset,
    partition,
    uri: join(path, version, '*.parquet'),
    rows,
    bytes,
    sha256,
  });

  async function walk(
    dataset: string,
    filter: Partition,
    partition: Partition,
    path: string,
  ): Promise<PartitionInfo[]> {
    const entries = await readdir(path, { withFileTypes: true }).catch(absent([]));
    if (entries.some((entry) => entry.name === manifestName)) {
      const manifest = await readManifest(path);
      return manifest ? [infoOf(dataset, partition, path, manifest)] : [];
    }
    const named = entries.flatMap((entry) => {
      const [key, value] = entry.isDirectory() ? splitName(entry.name) : [];
      return key === undefined || value === undefined ? [] : [{ key, value, name: entry.name }];
    });
    const wanted = named
      .filter(({ key, value }) => filter[key] === undefined || filter[key] === value)
      .sort((a, b) => (a.value < b.value ? -1 : 1));
    const found: PartitionInfo[] = [];
    for (let from = 0; from < wanted.length; from += sideBySide) {
      const below = wanted
        .slice(from, from + sideBySide)
        .map(({ key, value, name }) => walk(dataset, filter, { ...partition, [key]: value }, join(path, name)));
      for (const infos of await Promise.all(below)) found.push(...infos);
    }
    return found;
  }

  return {
    async replace(dataset, partition, write) {
      const path = pathOf(dataset, partition);
      const version = `v-${randomUUID()}`;
      const target = join(path, version);
      try {
        await mkdir(target, { recursive: true });
        const { rows } = await write(target);
        const manifest: Manifest = { version, rows, ...(await measure(target)) };
        const replaced = await readManifest(path);
        if (replaced?.sha256 === manifest.sha256 && replaced.rows === rows) {
          await vanish(target);
          return infoOf(dataset, partition, path, replaced);
        }
        const part = join(path, `${version}.json`);
        await writeFile(part, JSON.stringify(manifest), { flush: true });
        await rename(part, join(path, manifestName));
        if (replaced) await writeFile(join(path, `${replaced.version}${replacedSuffix}`), '');
        await tidy(path);
        return infoOf(dataset, partition, path, manifest);
      } catch (error) {
        await rm(target, { recursive: true, force: true });
        if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
          throw new PerennialError('DISK_FULL', 'There is no space left in the lake.', {
            remedy: 'Free space under PERENNIAL_LAKE.',
            cause: error,
          });
        }
        throw error;
      }
    },
    async remove(dataset, partition) {
      const path = pathOf(dataset, partition);
      const current = await readManifest(path);
      await rm(join(path, manifestName), { force: true });
      if (current) await vanish(join(path, current.version));
      await rm(path, { recursive: true, force: true });
    },
    list(dataset, filter = {}) {
      return walk(dataset, filter, {}, join(folder, dataset));
    },
  };
}

async function measure(folder: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const name of (await readdir(folder)).sort()) {
    const content = await readFile(join(folder, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
    bytes += content.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Removes what was replaced, and what crashes or writers at the same time left behind, long ago. */
async function tidy(path: string): Promise<void> {
  const names = await readdir(path);
  const counts = (await readManifest(path))?.version;
  const ageOf = async (name: string): Promise<number> => {
    const { mtimeMs } = await stat(join(path, name)).catch(absent({ mtimeMs: Number.POSITIVE_INFINITY }));
    return Date.now() - mtimeMs;
  };
  for (const name of names) {
    if (!name.startsWith('v-') || name.endsWith(replacedSuffix) || name === counts) continue;
    const marker = `${name}${replacedSuffix}`;
    const isOver = names.includes(marker) ? (await ageOf(marker)) > readMs : (await ageOf(name)) > abandonedMs;
    if (!isOver) continue;
    await vanish(join(path, name));
    await rm(join(path, marker), { force: true });
  }
}

/** Removes a version at once: a reader still at it finds it whole or gone, not some of its files. */
async function vanish(path: string): Promise<void> {
  const gone = `${path}.gone`;
  await rename(path, gone).catch(absent(undefined));
  await rm(gone, { recursive: true, force: true });
}

async function readManifest(path: string): Promise<Manifest | null> {
  const text = await readFile(join(path, manifestName), 'utf8').catch(absent(null));
  return text === null ? null : (JSON.parse(text) as Manifest);
}

function absent<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return value;
    throw error;
  };
}

/** Percent-encodes what a folder name cannot hold, or what would not be read back the same. */
function encode(value: string): string {
  if (value === '') return '%';
  return encodeURIComponent(value).replaceAll('.', '%2E').replaceAll('*', '%2A');
}

function splitName(name: string): [string, string] | [] {
  const at = basename(name).indexOf('=');
  if (at < 1) return [];
  const value = name.slice(at + 1);
  return [name.slice(0, at), value === '%' ? '' : decodeURIComponent(value)];
}
