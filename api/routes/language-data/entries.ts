import { Type } from 'typebox';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams, Reason } from '../../schemas.ts';
import { auditOf, operator, Page, Version, viewer } from './resources.ts';
import type { ResourceRoutes } from './spec.ts';

const EntryParams = Type.Object({
  id: IdParams.properties.id,
  entry: Type.String({ pattern: '^\\d{1,18}$', description: 'Id of the entry.' }),
});
const text = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 50_000, description }));

/** Entries of memories, terms of glossaries. */
export function entryRoutes<Content extends object>(
  app: App,
  deps: AppDependencies,
  { plural, singular, entries, service, entrySchema, changeSchema, complete }: ResourceRoutes<Content>,
): void {
  const tags = [plural];
  const log = auditOf(deps, singular);
  const path = `/v1/${plural}/:id/${entries}`;

  app.get(
    path,
    {
      config: viewer,
      schema: {
        tags,
        summary: `The ${entries} of a version, all or those that hold a text, page by page`,
        params: IdParams,
        querystring: Type.Object(
          {
            q: text('Text to find; capitals make no difference.'),
            in: Type.Optional(
              Type.Union([Type.Literal('source'), Type.Literal('target'), Type.Literal('both')], {
                description: 'Where. Default: both.',
              }),
            ),
            exact: Type.Optional(Type.Boolean({ description: 'The whole text, not a part. Default: false.' })),
            domain: Type.Optional(Type.String({ maxLength: 4000 })),
            context: Type.Optional(Type.String({ maxLength: 4000 })),
            origin: Type.Optional(
              Type.Union([Type.Literal('import'), Type.Literal('manual'), Type.Literal('feedback')]),
            ),
            version: Type.Optional(Version),
            ...Page,
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { q, in: within, limit = 50, ...filter } = request.query;
      const search = { ...(q === undefined ? {} : { text: q }), ...(within === undefined ? {} : { within }) };
      const found = await service.entries(request.params.id, { ...filter, ...search, limit });
      return { version: found.version, [entries]: found.entries, next: found.next };
    },
  );

  app.post(
    path,
    {
      config: operator,
      schema: {
        tags,
        summary: `Add ${entries}, or change those that are there already: one version for all`,
        params: IdParams,
        body: Type.Object(
          { [entries]: Type.Array(entrySchema, { minItems: 1, maxItems: 1000 }), reason: Type.Optional(Reason) },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { id } = request.params;
      const body = request.body as Readonly<Record<string, unknown>> & { readonly reason?: string };
      const { domain } = await service.get(id);
      const contents = (body[entries] as Partial<Content>[]).map((given) => complete(given, domain));
      const by = request.apiKey?.name ?? '';
      const added = await service.add(id, contents, { by, reason: body.reason ?? '' });
      await log(request, 'add', id, { count: added.length, reason: body.reason ?? '' });
      return { [entries]: added };
    },
  );

  app.get(
    `${path}/:entry`,
    {
      config: viewer,
      schema: {
        tags,
        summary: 'One of them, in a version',
        params: EntryParams,
        querystring: Type.Object({ version: Type.Optional(Version) }, { additionalProperties: false }),
      },
    },
    async (request) => service.entry(request.params.id, request.params.entry, request.query.version),
  );

  app.get(
    `${path}/:entry/history`,
    { config: viewer, schema: { tags, summary: 'All it has been, oldest first', params: EntryParams } },
    async (request) => ({ states: await service.history(request.params.id, request.params.entry) }),
  );

  app.patch(
    `${path}/:entry`,
    {
      config: operator,
      schema: {
        tags,
        summary: 'Change one of them; what is left out stays',
        params: EntryParams,
        body: Type.Object(
          { ...changeSchema, reason: Type.Optional(Reason) },
          { additionalProperties: false, minProperties: 1 },
        ),
      },
    },
    async (request) => {
      const { id, entry } = request.params;
      const { reason = '', ...change } = request.body as Partial<Content> & { readonly reason?: string };
      const by = request.apiKey?.name ?? '';
      const changed = await service.edit(id, entry, change as unknown as Partial<Content>, { by, reason });
      await log(request, 'edit', id, { entry, reason });
      return changed;
    },
  );

  app.delete(
    `${path}/:entry`,
    {
      config: operator,
      schema: {
        tags,
        summary: 'Delete one of them; versions before keep it',
        params: EntryParams,
        querystring: Type.Object({ reason: Type.Optional(Reason) }, { additionalProperties: false }),
      },
    },
    async (request, reply) => {
      const { id, entry } = request.params;
      const { reason = '' } = request.query;
      await service.delete(id, entry, { by: request.apiKey?.name ?? '', reason });
      await log(request, 'delete', id, { entry, reason });
      return reply.status(204).send();
    },
  );
}
