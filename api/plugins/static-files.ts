import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App } from '../app-type.ts';

/**
 * Lets `reply.sendFile` answer with files of a built folder. Browsers keep those in assets/, whose names hold hashes of what is in
 * them, and ask again for all others.
 *
 * @param options.preCompressed whether each file is there as .br and .gz too. Default: no.
 */
export async function staticFiles(
  app: App,
  folder: string,
  { preCompressed = false }: { readonly preCompressed?: boolean } = {},
): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    serve: false,
    preCompressed,
    setHeaders(reply, path) {
      const isFixed = path.startsWith(join(folder, 'assets'));
      void reply.header('cache-control', isFixed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
