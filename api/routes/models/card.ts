import { modelCard } from '../../../domain/registry/card/index.ts';
import { findVersion } from '../../../domain/registry/find.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { LinkQuery, pages, sendPage } from '../../plugins/pages.ts';
import { auditOf, operator, tags, VersionParams } from './common.ts';

/** The model card of a version, a page made when it is asked for, and links to it for browsers. */
export function modelCardRoutes(app: App, deps: AppDependencies): void {
  const { models, clock } = deps;
  const { admit, link } = pages(deps);
  const audit = auditOf(deps);
  const path = '/v1/models/:model/versions/:version/card';

  app.get(
    path,
    {
      schema: {
        tags,
        summary: 'The model card of a version, a page of HTML; by a key, or by a link that was signed',
        params: VersionParams,
        querystring: LinkQuery,
      },
    },
    async (request, reply) => {
      const { model, version } = request.params;
      await admit(request, pathOf(model, version), request.query);
      const found = await findVersion(models, model, version, { deleted: true });
      return sendPage(reply, await modelCard(models, found, clock.now()));
    },
  );

  app.post(
    `${path}/links`,
    {
      // Whoever is given the link reads without a key.
      config: operator,
      schema: {
        tags,
        summary: 'A link to the model card of a version for a browser, which needs no key for a week',
        params: VersionParams,
      },
    },
    async (request, reply) => {
      const { model, version } = request.params;
      await findVersion(models, model, version, { deleted: true });
      await audit(request, 'link', `${model}/${version}`, {});
      return reply.status(201).send(link(pathOf(model, version)));
    },
  );
}

const pathOf = (model: string, version: string): string =>
  `/v1/models/${encodeURIComponent(model)}/versions/${version}/card`;
