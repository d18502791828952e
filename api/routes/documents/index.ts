import { Type } from 'typebox';
import { createRunStarter } from '../../../domain/dag/index.ts';
import { createDocumentService } from '../../../domain/documents/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { Cursor, IdempotencyHeaders, IdParams, Limit } from '../../schemas.ts';
import { callerOf, publicDocument, sendContent } from './answer.ts';
import { DocumentQuery, DocumentStatusParam, limitsText, requestOf } from './schemas.ts';

const viewer = { role: 'viewer' } as const;
/** A translation is a run, and keeps a file. */
const operator = { role: 'operator' } as const;
const tags = ['documents'];

/** Translation of whole documents. Callers see those of their own key, administrators all. */
export function documentRoutes(app: App, deps: AppDependencies): void {
  const service = createDocumentService({ ...deps, starter: createRunStarter(deps) });

  app.register(async (scope: App) => {
    // The file is stored while it comes in, whatever its type.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.post(
      '/v1/documents',
      {
        config: operator,
        schema: {
          tags,
          summary: 'Translate a document, sent as the body (txt, html, po, xliff, docx)',
          description: `Answers at once; the document is translated by a run, and fetched at \`/content\` when its status is succeeded. ${limitsText} What is no text stays as it is. With the header idempotency-key, sending the same file with the same options again gives the document it made first.`,
          querystring: DocumentQuery,
          headers: IdempotencyHeaders,
        },
      },
      async (request, reply) => {
        const checked = await service.check(requestOf(request.query, request.headers['content-type']));
        // Not destroyed when reading ends early: the connection still has to carry the answer.
        const upload = await service.receive(request.raw.iterator({ destroyOnReturn: false }));
        const key = request.headers['idempotency-key'] ?? null;
        const { document, created } = await service
          .start(upload, checked, callerOf(request), key)
          .catch(async (error: unknown) => {
            await service.discard(upload);
            throw error;
          });
        return reply
          .status(202)
          .header('location', `/v1/documents/${document.id}`)
          .send({ ...publicDocument(document), created });
      },
    );
  });

  app.get(
    '/v1/documents',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'List documents, newest first',
        querystring: Type.Object(
          { status: Type.Optional(DocumentStatusParam), cursor: Type.Optional(Cursor), limit: Type.Optional(Limit) },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { status, cursor, limit = 50 } = request.query;
      const { documents, next } = await service.list(
        status === undefined ? {} : { status },
        { limit, ...(cursor === undefined ? {} : { cursor }) },
        callerOf(request),
      );
      return { documents: documents.map(publicDocument), next };
    },
  );

  app.get(
    '/v1/documents/:id',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'A document: status, progress, and the evidence of how it was translated',
        params: IdParams,
      },
    },
    async (request) => publicDocument(await service.get(request.params.id, callerOf(request))),
  );

  app.get(
    '/v1/documents/:id/content',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'The translated file',
        description:
          'CONFLICT (409), saying why, while there is none; GONE (410) when it was removed because of its age (PERENNIAL_DOCUMENT_DAYS).',
        params: IdParams,
      },
    },
    async (request, reply) => sendContent(service, request.params.id, request, reply),
  );

  app.delete(
    '/v1/documents/:id',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Remove a document with its files; a translation under way is cancelled',
        params: IdParams,
      },
    },
    async (request, reply) => {
      await service.remove(request.params.id, callerOf(request));
      return reply.status(204).send();
    },
  );
}
