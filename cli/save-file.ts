import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** Writes what is downloaded to a file that is there whole or not at all; one that is there is replaced. */
export async function saveFile(file: string, download: () => Promise<ReadableStream<Uint8Array>>): Promise<void> {
  const part = `${file}.part`;
  try {
    await pipeline(await download(), createWriteStream(part));
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}
