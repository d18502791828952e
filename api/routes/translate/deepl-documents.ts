import { createHash } from 'node:crypto';
import multipart from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { type DocumentStatus, documentLimits } from '../../../contracts/documents.ts';
import { PerennialError } from '../../../contracts/errors.ts';
import { createRunStarter } from '../../../domain/dag/index.ts';
import { createDocumentService, type DocumentService, type Upload } from '../../../domain/documents/index.ts';
import type { StoredDocument } from '../../../domain/ports/documents.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams } from '../../schemas.ts';
import { callerOf, sendContent } from '../documents/answer.ts';
import { deeplErrors } from './deepl-errors.ts';
import { glossariesOf, glossaryFields, deeplTags as tags } from './deepl-fields.ts';
import { takeForms } from './forms.ts';

const viewer = { role: 'viewer' } as const;
/** A translation is a run, and keeps a file. */
const operator = { role: 'operator' } as const;
const word = Type.String({ maxLength: 200 });

/** Fields beside the file. What has no meaning here is taken and ignored, as DeepL does. */
const Fields = Type.Object({
  target_lang: Type.String({ minLength: 2, maxLength: 64 }),
  source_lang: Type.Optional(Type.String({ maxLength: 64 })),
  filename: Type.Optional(Type.String({ maxLength: 255 })),
  output_format: Type.Optional(word),
  formality: Type.Optional(word),
  ...glossaryFields,
});

const Key = Type.Object({ document_key: Type.String({ minLength: 1, maxLength: 200 }) });

const states: Readonly<Record<DocumentStatus, string>> = {
  queued: 'queued',
  paused: 'queued',
  running: 'translating',
  succeeded: 'done',
  failed: 'error',
  cancelled: 'error',
  expired: 'error',
};

/** The routes of DeepL's API (v2) for whole documents; see {@link deeplRoutes} for texts. */
export function deeplDocumentRoutes(app: App, deps: AppDependencies): void {
  const service = createDocumentService({ ...deps, starter: createRunStarter(deps) });

  app.register(async (scope: App) => {
    await scope.register(multipart, {
      // One byte more than is taken: who sends more is told so, and not cut off in silence.
      limits: { files: 1, fields: 50, fieldSize: 10_000, fileSize: documentLimits.bytes + 1 },
      throwFileSizeLimit: false,
    });
    takeForms(scope);
    deeplErrors(scope);

    scope.post(
      '/v2/document',
      {
        config: operator,
        bodyLimit: documentLimits.bytes + 2 ** 20,
        schema: {
          tags,
          summary: 'Translate a document as DeepL’s clients ask for it (multipart/form-data: file, target_lang, …)',
          consumes: ['multipart/form-data'],
        },
      },
      async (request) => {
        const { upload, name, contentType, fields } = await partsOf(request, service);
        try {
          const checked = await service.check(requestOf(fields, name, contentType));
          const { document } = await service.start(upload, checked, callerOf(request));
          return handleOf(document);
        } catch (error) {
          await service.discard(upload);
          throw error;
        }
      },
    );

    scope.post(
      '/v2/document/:id',
      {
        config: viewer,
        schema: { tags, summary: 'Status of a document as DeepL’s clients read it', params: IdParams, body: Key },
      },
      async (request) => {
        const document = await find(request, request.params.id, request.body);
        const { id, status, progress, characters, error, startedAt } = document;
        return {
          document_id: id,
          status: states[status],
          ...(status === 'running' ? { seconds_remaining: secondsLeft(progress, startedAt) } : {}),
          ...(status === 'succeeded' ? { billed_characters: characters ?? 0 } : {}),
          ...(states[status] === 'error' ? { error_message: error?.message ?? endOf(status) } : {}),
        };
      },
    );

    scope.post(
      '/v2/document/:id/result',
      {
        config: viewer,
        schema: { tags, summary: 'The translated document as DeepL’s clients fetch it', params: IdParams, body: Key },
      },
      async (request, reply) => {
        const { id, status } = await find(request, request.params.id, request.body);
        if (status === 'queued' || status === 'running' || status === 'paused') {
          throw new PerennialError('UNAVAILABLE', `The document is ${states[status]}.`, {
            remedy: 'Ask for it later.',
          });
        }
        return sendContent(service, id, request, reply);
      },
    );
  });

  async function find(
    request: FastifyRequest,
    id: string,
    { document_key }: Static<typeof Key>,
  ): Promise<StoredDocument> {
    const document = await service.get(id, callerOf(request));
    if (keyOf(document) === document_key) return document;
    throw new PerennialError('NOT_FOUND', `There is no document "${id}" with that document_key.`, {
      remedy: 'Send both as the upload answered them.',
    });
  }

  function secondsLeft(progress: StoredDocument['progress'], startedAt: string | null): number {
    if (!progress || progress.done === 0 || startedAt === null) return 10;
    const seconds = (deps.clock.now().getTime() - Date.parse(startedAt)) / 1000;
    return Math.ceil((seconds / progress.done) * (progress.total - progress.done));
  }
}

function endOf(status: DocumentStatus): string {
  return status === 'expired' ? 'The document has expired: its files were removed.' : `The document was ${status}.`;
}

/** DeepL's documents have a second secret beside their id; ours are guarded by the API key, and have it for the clients' sake. */
function keyOf({ id, owner, run }: StoredDocument): string {
  return createHash('sha256').update(`${id} ${owner} ${run}`).digest('hex').toUpperCase();
}

function handleOf(document: StoredDocument): { document_id: string; document_key: string } {
  return { document_id: document.id, document_key: keyOf(document) };
}

/** Stores the file while it comes in, and gathers the fields, which may stand before and behind it. */
async function partsOf(
  request: FastifyRequest,
  service: DocumentService,
): Promise<{ upload: Upload; name: string; contentType: string; fields: Readonly<Record<string, unknown>> }> {
  if (!request.isMultipart()) {
    throw new PerennialError('UNSUPPORTED_MEDIA_TYPE', `The body has the type ${request.headers['content-type']}.`, {
      remedy: 'Send multipart/form-data with the file as `file`.',
    });
  }
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  let file: { upload: Upload; name: string; contentType: string } | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') {
        file = { upload: await service.receive(part.file), name: part.filename ?? '', contentType: part.mimetype };
      } else {
        const before = fields[part.fieldname];
        fields[part.fieldname] = before === undefined ? part.value : [before, part.value].flat();
      }
    }
  } catch (error) {
    if (file) await service.discard(file.upload);
    throw error;
  }
  if (file) return { ...file, fields };
  throw new PerennialError('VALIDATION_FAILED', 'There is no file in the form.', {
    fields: [{ field: 'file', message: 'is missing' }],
    remedy: 'Send the document as the part `file`.',
  });
}

function requestOf(fields: Readonly<Record<string, unknown>>, name: string, contentType: string) {
  if (!Value.Check(Fields, fields)) {
    const [fault] = Value.Errors(Fields, fields);
    const field = fault?.instancePath.slice(1) || 'target_lang';
    throw new PerennialError('VALIDATION_FAILED', `${field} ${fault?.message ?? 'is not valid'}.`, {
      fields: [{ field, value: fields[field], message: fault?.message ?? 'is not valid' }],
      remedy: 'See /docs for what this route takes.',
    });
  }
  const { target_lang, source_lang, filename, output_format, formality } = fields;
  for (const [field, value, isRefused] of [
    ['formality', formality, formality === 'more' || formality === 'less'],
    ['output_format', output_format, output_format !== undefined && !name.toLowerCase().endsWith(`.${output_format}`)],
  ] as const) {
    if (!isRefused) continue;
    throw new PerennialError('VALIDATION_FAILED', `${field} = "${value}" is not supported.`, {
      fields: [{ field, value, message: 'is not supported' }],
      remedy: 'Leave it away: the translation has the format of the document.',
    });
  }
  return {
    name: filename ?? name,
    contentType,
    target: target_lang,
    ...(source_lang ? { source: source_lang } : {}),
    glossaries: glossariesOf(fields),
  };
}
