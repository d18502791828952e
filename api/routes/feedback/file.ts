import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import { createCorrections, receiveFile } from '../../../domain/feedback/index.ts';
import { formatOf } from '../../../domain/nlp/language-data/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';

/** Corrections of translations by file, streamed. */
export function feedbackFileRoutes(app: App, deps: AppDependencies): void {
  const corrections = createCorrections(deps);
  app.register(async (scope: App) => {
    // The file is read while it comes in, whatever its size.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.post(
      '/v1/feedback/file',
      {
        config: { role: 'operator' },
        schema: {
          tags: ['feedback'],
          summary: 'Corrections of translations as a CSV or TSV file, sent as the body; answers with counts and faults',
          description:
            'Its first line names the columns: correction, and request_id (with index) or source; source_language, target_language, memory, context, domain and reason as in `POST /v1/feedback`. Bad rows are left out and told; the same file again changes nothing.',
          querystring: Type.Object(
            {
              file: Type.Optional(Type.String({ maxLength: 500, description: 'Name of the file, for its format.' })),
              encoding: Type.Optional(
                Type.String({ pattern: '^[\\w.:-]{1,40}$', description: 'Such as windows-1252. Default: detected.' }),
              ),
              delimiter: Type.Optional(Type.String({ pattern: '^[^"\\r\\n]$', description: 'Default: detected.' })),
            },
            { additionalProperties: false },
          ),
        },
      },
      async (request, reply) => {
        const { file = '', ...options } = request.query;
        const format = formatOf(request.headers['content-type'] ?? '', file);
        if (format !== 'csv' && format !== 'tsv')
          throw new PerennialError(
            'UNSUPPORTED_MEDIA_TYPE',
            `The body has the type ${request.headers['content-type'] ?? '(none)'}.`,
            { remedy: 'Send text/csv or text/tab-separated-values.' },
          );
        const by = request.apiKey?.name ?? '';
        // Not destroyed when reading ends early: the connection still has to carry the answer.
        const body = request.raw.iterator({ destroyOnReturn: false });
        const report = await receiveFile(corrections, body, { ...options, by });
        const { rows, accepted, refused } = report;
        const detail = { file, rows, accepted, refused };
        await deps.audit.write({ actor: by, action: 'feedback.file', subject: 'translation', detail });
        return reply.send(report);
      },
    );
  });
}
