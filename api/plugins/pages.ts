import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { PerennialError } from '../../contracts/errors.ts';
import type { AppDependencies } from '../dependencies.ts';
import { authenticate, keyInHeader } from './auth.ts';
import { signedLinks } from './signed-links.ts';

/** What a signed link has behind its path. */
export const LinkQuery = Type.Object({
  expires: Type.Optional(Type.String({ format: 'date-time', description: 'Of a signed link.' })),
  signature: Type.Optional(Type.String({ maxLength: 100 })),
});

export interface Pages {
  /** Lets in who has a key of a viewer, or a link that was signed for `path`. UNAUTHENTICATED, FORBIDDEN. */
  admit(
    request: FastifyRequest,
    path: string,
    link: { readonly expires?: string; readonly signature?: string },
  ): Promise<void>;
  /** A link to `path` for a browser. CONFIG_INVALID without a secret to sign with. */
  link(path: string): { url: string; expiresAt: string };
}

/** Pages for people, which a browser opens without a key by a link that was signed. */
export function pages(deps: Pick<AppDependencies, 'keys' | 'clock' | 'linkSecret'>): Pages {
  const links = deps.linkSecret && signedLinks(deps.linkSecret, () => deps.clock.now());
  return {
    async admit(request, path, { expires, signature }) {
      if (links && expires !== undefined && signature !== undefined) links.check(path, { expires, signature });
      else await authenticate(deps, request, keyInHeader(request), 'viewer');
    },
    link(path) {
      if (links) return links.sign(path);
      throw new PerennialError('CONFIG_INVALID', 'Links cannot be signed: PERENNIAL_SECRET_KEY is not set.', {
        remedy: 'Set it, see `openssl rand -base64 32`; or read the page with an API key.',
      });
    },
  };
}

/** Answers with a page of HTML that may load and run nothing. */
export function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .headers({
      'content-security-policy': policyOf(page),
      'x-content-type-options': 'nosniff',
      // The address may hold a signature.
      'referrer-policy': 'no-referrer',
      'cache-control': 'private, no-cache',
    })
    .send(page);
}

/** Nothing but the page itself: no script, no request; its own style by its hash. The dashboard may show it within its own pages. */
function policyOf(page: string): string {
  const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(
    ([, style = '']) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  );
  return `default-src 'none'; style-src ${styles.join(' ') || "'none'"}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`;
}
