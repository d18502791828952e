import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import { formatOf, mediaTypes } from '../../../domain/nlp/language-data/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams } from '../../schemas.ts';
import { auditOf, operator, Page, Version, viewer } from './resources.ts';
import type { ResourceRoutes } from './spec.ts';

const ImportParams = Type.Object({
  id: IdParams.properties.id,
  import: Type.String({ minLength: 1, maxLength: 100, description: 'Id of the import.' }),
});

/** Imports and exports of files, streamed. */
export function fileRoutes<Content extends object>(
  app: App,
  deps: AppDependencies,
  { plural, singular, service }: ResourceRoutes<Content>,
): void {
  const tags = [plural];
  const log = auditOf(deps, singular);
  const Format = Type.Union(
    service.formats.map((format) => Type.Literal(format)),
    { description: 'Default, in an import: what the content type or the name of the file says.' },
  );

  app.register(async (scope: App) => {
    // The file is read while it comes in, whatever its type and size.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.post(
      `/v1/${plural}/:id/imports`,
      {
        config: operator,
        schema: {
          tags,
          summary: `Import a file, sent as the body (${service.formats.join(', ')}); answers with counts and faults`,
          params: IdParams,
          querystring: Type.Object(
            {
              format: Type.Optional(Format),
              mode: Type.Optional(
                Type.Union([Type.Literal('merge'), Type.Literal('replace')], {
                  description: 'replace: what the file does not have is removed. Default: merge.',
                }),
              ),
              file: Type.Optional(Type.String({ maxLength: 500, description: 'Name of the file, for the record.' })),
              encoding: Type.Optional(
                Type.String({ pattern: '^[\\w.:-]{1,40}$', description: 'Such as windows-1252. Default: detected.' }),
              ),
              delimiter: Type.Optional(
                Type.String({ pattern: '^[^"\\r\\n]$', description: 'Of a table. Default: detected.' }),
              ),
              fuzzy: Type.Optional(Type.Boolean({ description: 'Of PO: take fuzzy messages. Default: false.' })),
            },
            { additionalProperties: false },
          ),
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const { format: given, ...options } = request.query;
        const format = given ?? formatOf(request.headers['content-type'] ?? '', options.file ?? '');
        if (format === undefined) {
          throw new PerennialError('VALIDATION_FAILED', 'Nothing says which format the file has.', {
            fields: [{ field: 'query.format', message: `must be one of ${service.formats.join(', ')}` }],
            remedy: 'Give `format`, or a content type or name of the file that says it.',
          });
        }
        const by = request.apiKey?.name ?? '';
        // Not destroyed when reading ends early: the connection still has to carry the answer.
        const body = request.raw.iterator({ destroyOnReturn: false });
        const record = await service.import(id, body, { ...options, format, by });
        const { counts, version, sha256 } = record;
        await log(request, 'import', id, { import: record.id, format, version, counts, sha256 });
        return reply.status(201).header('location', `/v1/${plural}/${id}/imports/${record.id}`).send(record);
      },
    );
  });

  app.get(
    `/v1/${plural}/:id/imports`,
    {
      config: viewer,
      schema: {
        tags,
        summary: 'Imports, newest first, with their counts',
        params: IdParams,
        querystring: Type.Object(Page, { additionalProperties: false }),
      },
    },
    async (request) => {
      const { limit = 50, cursor } = request.query;
      return service.imports(request.params.id, { ...(cursor === undefined ? {} : { cursor }), limit });
    },
  );

  app.get(
    `/v1/${plural}/:id/imports/:import`,
    { config: viewer, schema: { tags, summary: 'An import with its counts and first faults', params: ImportParams } },
    async (request) => service.importRecord(request.params.id, request.params.import),
  );

  app.get(
    `/v1/${plural}/:id/imports/:import/faults`,
    {
      config: viewer,
      schema: { tags, summary: 'All faults of an import (line, reason) as a TSV file', params: ImportParams },
    },
    async (request, reply) => {
      const pages = await service.faults(request.params.id, request.params.import);
      async function* text(): AsyncGenerator<string> {
        yield 'line\treason\n';
        for await (const page of pages)
          yield page.map(({ line, reason }) => `${line}\t${reason.replaceAll(/\s+/g, ' ')}\n`).join('');
      }
      return reply
        .type('text/tab-separated-values; charset=utf-8')
        .header('content-disposition', 'attachment; filename="faults.tsv"')
        .send(Readable.from(text()));
    },
  );

  app.get(
    `/v1/${plural}/:id/export`,
    {
      config: viewer,
      schema: {
        tags,
        summary: 'A version as a file, streamed; the header perennial-version names it',
        params: IdParams,
        querystring: Type.Object(
          { format: Type.Optional(Format), version: Type.Optional(Version) },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { format = service.formats[0] ?? '' } = request.query;
      const { version, text } = await service.export(id, format, request.query.version);
      const ending = format === 'xliff' ? 'xlf' : format;
      return reply
        .type(`${mediaTypes[format] ?? 'text/plain'}; charset=utf-8`)
        .header('content-disposition', `attachment; filename="${encodeURIComponent(id)}-${version}.${ending}"`)
        .header('perennial-version', String(version))
        .send(Readable.from(text));
    },
  );
}
