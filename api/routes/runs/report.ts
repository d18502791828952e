import type { ArtifactRef } from '../../../contracts/artifacts.ts';
import { PerennialError } from '../../../contracts/errors.ts';
import type { Json } from '../../../contracts/json.ts';
import type { App } from '../../app-type.ts';
import { auditOf } from '../../definitions.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { LinkQuery, pages, sendPage } from '../../plugins/pages.ts';
import { IdParams } from '../../schemas.ts';
import { findRun } from './find.ts';

/** The page that a run made for people, and links to it for browsers. */
export function reportRoutes(app: App, deps: AppDependencies): void {
  const { runs, artifacts } = deps;
  const log = auditOf(deps.audit);
  const tags = ['runs'];
  const { admit, link } = pages(deps);

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
        querystring: LinkQuery,
      },
    },
    async (request, reply) => {
      await admit(request, pathOf(request.params.id), request.query);
      return sendPage(reply, Buffer.from(await artifacts.getBytes(await pageOf(request.params.id))).toString());
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
      await log(request, 'run.link', request.params.id, {});
      return reply.status(201).send(link(pathOf(request.params.id)));
    },
  );
}

const pathOf = (id: string): string => `/v1/runs/${encodeURIComponent(id)}/report`;

/** The page in the output of a step, if it made one. */
function pageIn(output: Json): ArtifactRef | null {
  const page = (output as { page?: Partial<ArtifactRef> } | null)?.page;
  return typeof page?.sha256 === 'string' && typeof page.uri === 'string' ? (page as ArtifactRef) : null;
}
