import { watch as watchFolder } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PerennialError } from '../../contracts/errors.ts';
import type { DatasetObject, DatasetSource } from '../../domain/ports/datasets.ts';

/** Files looked at side by side. */
const parallel = 32;

/** A folder with all below it. `list` throws UNAVAILABLE while it cannot be read: a share may be mounted later. */
export function folderSource(folder: string): DatasetSource {
  const root = resolve(folder);
  return {
    isAtomic: false,
    uri: (path) => pathToFileURL(join(root, path)).href,
    async list() {
      try {
        const entries = await readdir(root, { recursive: true, withFileTypes: true });
        const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
        const found: DatasetObject[] = [];
        for (let at = 0; at < files.length; at += parallel) {
          const part = await Promise.all(files.slice(at, at + parallel).map(look));
          found.push(...part.filter((object) => object !== null));
        }
        return found;
      } catch (error) {
        throw new PerennialError('UNAVAILABLE', `The folder ${root} cannot be read.`, {
          remedy: 'Check that it is there and that the events role may read it.',
          cause: error,
        });
      }
    },
    watch(wake) {
      try {
        const watcher = watchFolder(root, { recursive: true }, wake);
        // Where the system cannot tell (a network share, a folder that is gone), the regular scan is enough.
        watcher.on('error', () => watcher.close());
        return () => watcher.close();
      } catch {
        return () => {};
      }
    },
  };

  async function look(file: string): Promise<DatasetObject | null> {
    try {
      const { size, mtimeMs } = await stat(file);
      const modifiedMs = Math.round(mtimeMs);
      return { path: relative(root, file).split(sep).join('/'), size, modifiedMs, version: `${size}-${modifiedMs}` };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }
}
