import { createReadStream, statSync } from 'node:fs';
import { PerennialError } from '../contracts/errors.ts';
import type { ApiClient } from './client.ts';
import { progressBar } from './progress-bar.ts';
import type { Terminal } from './terminal.ts';

/** Sends a file while it is read, with a bar where someone watches. SOURCE_INVALID when it cannot be read. */
export async function uploadFile<T>(
  api: ApiClient,
  terminal: Terminal,
  { path, file, contentType }: { readonly path: string; readonly file: string; readonly contentType: string },
): Promise<T> {
  const size = sizeOf(file);
  const bar = progressBar(terminal, 'Import');
  async function* read(): AsyncGenerator<Uint8Array> {
    let done = 0;
    for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) {
      done += chunk.length;
      bar.update(Math.round(done / 1e5) / 10, Math.round(size / 1e5) / 10, 'MB');
      yield chunk;
    }
  }
  try {
    return await api.upload<T>(path, read(), contentType);
  } finally {
    bar.stop();
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    throw new PerennialError('SOURCE_INVALID', `${file} cannot be read: ${(error as Error).message}.`, {
      remedy: 'Give the path of a file.',
      cause: error,
    });
  }
}
