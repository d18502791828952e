import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import type { ArtifactRef } from '../../../contracts/artifacts.ts';
import { PerennialError } from '../../../contracts/errors.ts';
import type { Json } from '../../../contracts/json.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { authenticate, keyInHeader } from '../../plugins/auth.ts';
import { signedLinks } from '../../plugins/signed-links.ts';
import { IdParams } from '../../schemas.ts';
import { findRun } from './find.ts';

/** The page that a run made for people, and links to it for browsers. */
export function reportRoutes(app: App, deps: AppDependencies): void {
  const { runs, artifacts, clock } = deps;
  const tags = ['runs'];
  const links = deps.linkSecret && signedLinks(deps.linkSecret, () => clock.now());

  const pageOf = async (id: string): Promise<ArtifactRef> => {
    const run = await findRun(runs, id);
    for (const { output } of await runs.steps(run.id)) {
      const page = pageIn(output);
      if (page) return page;
    }
    throw new PerennialError('NOT_FOUND', `Run "${id}" has no report${run.finishedAt ? '' : ' yet'}.`, {
      remedy: 'Reports are made by the last steps of a run; GET /v1/runs/{id} tells how far it is.',
    });
  };

  app.get(
    '/v1/runs/:id/report',
    {
      schema: {
        tags,
        summary: 'The report of a run, a page of HTML; by a key, or by a link that was signed',
        params: IdParams,
        querystring: Type.Object({
          expires: Type.Optional(Type.String({ format: 'date-time', description: 'Of a signed link.' })),
          signature: Type.Optional(Type.String({ maxLength: 100 })),
        }),
      },
    },
    async (request, reply) => {
      const { expires, signature } = request.query;
      if (links && expires !== undefined && signature !== undefined)
        links.check(pathOf(request.params.id), { expires, signature });
      else await authenticate(deps, request, keyInHeader(request), 'viewer');
      const page = Buffer.from(await artifacts.getBytes(await pageOf(request.params.id)));
      return reply
        .type('text/html; charset=utf-8')
        .headers({
          'content-security-policy': policyOf(page.toString()),
          'x-content-type-options': 'nosniff',
          // The address may hold a signature.
          'referrer-policy': 'no-referrer',
          'cache-control': 'private, no-cache',
        })
        .send(page);
    },
  );

  app.post(
    '/v1/runs/:id/report/links',
    {
      // Whoever is given the link reads without a key.
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'A link to the report of a run for a browser, which needs no key for a week',
        params: IdParams,
      },
    },
    async (request, reply) => {
      await pageOf(request.params.id);
      if (!links)
        throw new PerennialError('CONFIG_INVALID', 'Links cannot be signed: PERENNIAL_SECRET_KEY is not set.', {
          remedy: 'Set it, see `openssl rand -base64 32`; or read the report with an API key.',
        });
      return reply.status(201).send(links.sign(pathOf(request.params.id)));
    },
  );
}

const pathOf = (id: string): string => `/v1/runs/${encodeURIComponent(id)}/report`;

/** The page in the output of a step, if it made one. */
function pageIn(output: Json): ArtifactRef | null {
  const page = (output as { page?: Partial<ArtifactRef> } | null)?.page;
  return typeof page?.sha256 === 'string' && typeof page.uri === 'string' ? (page as ArtifactRef) : null;
}

/** Nothing but the page itself: no script, no request, no frame; its own style by its hash. */
function policyOf(page: string): string {
  const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(
    ([, style = '']) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  );
  return `default-src 'none'; style-src ${styles.join(' ') || "'none'"}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
