import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyReply } from 'fastify';
import type { App } from '../app-type.ts';
import { staticFiles } from './static-files.ts';

/** Beginnings of addresses that are the API's: what is not found there is a problem, and no page. */
const apiPaths = /^\/(?:v1|v2|health|docs|documentation|metrics|assets)(?:\/|$)/;

/** Nothing from elsewhere, and nothing inline but styles: dialogs lock scrolling, and charts place things, by these. */
const policy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "worker-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Serves the built dashboard: its files, and its one page at every address that is not the API's, since the addresses
 * of its views are its own.
 *
 * @param folder with index.html and assets/, each file also as .br and .gz; absent or not built: nothing is served.
 */
export async function dashboard(app: App, folder: string | undefined): Promise<void> {
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) return;
  await staticFiles(app, folder, { preCompressed: true });
  // They are compressed already.
  const file = { schema: { hide: true }, compress: false } as const;
  const send = (reply: FastifyReply, name: string) => reply.header('x-content-type-options', 'nosniff').sendFile(name);
  app.get('/assets/*', file, (request, reply) => {
    const name = (request.params as { '*': string })['*'];
    return send(reply, `assets/${name}`);
  });
  app.get('/favicon.svg', file, (_request, reply) => send(reply, 'favicon.svg'));
  app.get('/*', file, (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    if (apiPaths.test(path) || !request.headers.accept?.includes('text/html')) return reply.callNotFound();
    return send(
      reply
        .header('content-security-policy', policy)
        .header('referrer-policy', 'same-origin')
        .header('x-frame-options', 'DENY'),
      'index.html',
    );
  });
}
