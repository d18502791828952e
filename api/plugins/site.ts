import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PerennialError } from '../../contracts/errors.ts';
import type { App } from '../app-type.ts';
import { staticFiles } from './static-files.ts';

const prefix = '/documentation';
/** A page asks for a dozen files: they don't count as requests of whoever reads. */
const open = { schema: { hide: true }, config: { rateLimit: false as const } };

/**
 * The documentation as a site, at /documentation/, open to all.
 *
 * @param folder where `npm run docs` leaves it; absent or not built: every address below answers NOT_FOUND and what to do.
 */
export async function site(app: App, folder: string | undefined): Promise<void> {
  app.get(prefix, open, (_request, reply) => reply.redirect(`${prefix}/`));
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) {
    app.get(`${prefix}/*`, open, () => {
      throw new PerennialError('NOT_FOUND', 'The documentation is not built on this installation.', {
        remedy: 'Run `npm run docs` where Perennial is installed and start the API again, or read the folder docs.',
      });
    });
    return;
  }
  const notFound = readFileSync(join(folder, '404.html'), 'utf8');
  const headers = {
    'content-security-policy': policyOf(readFileSync(join(folder, 'index.html'), 'utf8')),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  };
  await app.register(
    async (scope) => {
      await staticFiles(scope, folder);
      scope.setNotFoundHandler((_request, reply) =>
        reply.code(404).headers(headers).type('text/html; charset=utf-8').send(notFound),
      );
      scope.get('/*', open, (request, reply) => {
        const { '*': name } = request.params as { '*': string };
        return reply.headers(headers).sendFile(name || 'index.html');
      });
    },
    { prefix },
  );
}

/** Nothing from elsewhere; of the scripts within pages those that all of them have. */
function policyOf(page: string): string {
  const scripts = [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'self'",
    "img-src 'self' data:",
    `script-src 'self' ${scripts.join(' ')}`,
    // Colours of code are attributes.
    "style-src 'self' 'unsafe-inline'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
