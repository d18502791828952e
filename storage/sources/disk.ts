import { PerennialError } from '../../contracts/errors.ts';

/** Tells a full disk as such, DISK_FULL. */
export async function withDiskFull<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new PerennialError('DISK_FULL', 'The source does not fit into the folder for temporary files.', {
      remedy: 'Free space there, or let TMPDIR name a larger disk.',
      cause: error,
    });
  }
}
