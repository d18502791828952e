import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import type { App } from '../app-type.ts';

/** Below, compressing takes longer than sending, bytes. */
const threshold = 4_096;

/** Compresses answers that are text and large for callers who take that, such as a year of a page's figures. */
export async function compression(app: App): Promise<void> {
  await app.register(compress, {
    threshold,
    encodings: ['br', 'gzip'],
    // The highest, which is the default of Brotli, is for files that are compressed once.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  });
}
