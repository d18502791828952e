import { documentFormatOf, documentFormats } from '../../contracts/document-formats.ts';
import type { DocumentOptions } from '../../contracts/documents.ts';
import { PerennialError } from '../../contracts/errors.ts';
import { terminalRunStatuses } from '../../contracts/runs.ts';
import { defaultThreshold } from '../../contracts/translation.ts';
import { endLostRun } from '../dag/lost-runs.ts';
import { checkLanguage } from '../nlp/formats/index.ts';
import type { TranslationService } from '../nlp/translator/index.ts';
import type { DocumentFilter, DocumentRepository, StoredDocument } from '../ports/documents.ts';
import type { RunLauncher, RunRepository } from '../ports/runs.ts';
import { expiredError } from './expired.ts';
import type { Caller, CheckedRequest, DocumentRequest } from './request.ts';
import { type DocumentStarterDeps, documentStarter, type StartedDocument } from './start.ts';
import { receive, type Upload } from './upload.ts';

/** Documents as people and programs handle them. Callers see their own, administrators all: others are NOT_FOUND. */
export interface DocumentService {
  /**
   * Completes a request: all memories of the pair, threshold 0.7, no glossary, the champion, existing translations kept.
   *
   * @throws VALIDATION_FAILED naming the field, NOT_FOUND for a pair, version, memory or glossary that is not there.
   */
  check(request: DocumentRequest): Promise<CheckedRequest>;
  /** Stores a file while it comes in. BODY_TOO_LARGE, VALIDATION_FAILED when it is empty. */
  receive(file: AsyncIterable<Uint8Array>): Promise<Upload>;
  /**
   * Starts the translation of a file. With an idempotency key, which counts for the caller only, the same file and options give
   * the document that they made first.
   *
   * @param idempotencyKey default: none.
   * @throws RATE_LIMITED when too many documents of the caller are under way, IDEMPOTENCY_CONFLICT when the key was used for
   * another file or other options, GONE when its document was removed.
   */
  start(
    upload: Upload,
    request: CheckedRequest,
    caller: Caller,
    idempotencyKey?: string | null,
  ): Promise<StartedDocument>;
  /** Removes a file whose translation was not started. */
  discard(upload: Upload): Promise<void>;
  get(id: string, caller: Caller): Promise<StoredDocument>;
  list(
    filter: Pick<DocumentFilter, 'status'>,
    page: { readonly limit: number; readonly cursor?: string },
    caller: Caller,
  ): ReturnType<DocumentRepository['list']>;
  /** Path of the translated file. CONFLICT, saying why, while there is none; GONE when it was removed because of its age. */
  content(id: string, caller: Caller): Promise<{ readonly document: StoredDocument; readonly path: string }>;
  /** Stops the translation if it goes on, and removes the document with its files. */
  remove(id: string, caller: Caller): Promise<void>;
}

export interface DocumentServiceDeps extends DocumentStarterDeps {
  readonly translation: Pick<TranslationService, 'check'>;
  readonly runs: RunRepository;
  readonly launcher: RunLauncher;
}

export function createDocumentService(deps: DocumentServiceDeps): DocumentService {
  const { documents, documentFiles, translation, runs, launcher, audit } = deps;
  const start = documentStarter(deps);

  const get: DocumentService['get'] = async (id, caller) => {
    const document = await documents.get(id);
    if (document && (caller.isAdmin || document.owner === caller.id)) return document;
    throw new PerennialError('NOT_FOUND', `There is no document "${id}".`, {
      remedy: 'GET /v1/documents lists those of your key.',
    });
  };

  return {
    async check({ name, contentType = '', format = documentFormatOf(name, contentType), source, target, ...given }) {
      if (format === undefined) {
        throw new PerennialError('VALIDATION_FAILED', 'Nothing says which format the document has.', {
          fields: [{ field: 'format', value: name, message: `must be one of ${documentFormats.join(', ')}` }],
          remedy: 'Give `format`, a name such as manual.docx, or the content type.',
        });
      }
      const options: DocumentOptions = {
        glossaries: [],
        memory: true,
        memories: null,
        threshold: defaultThreshold,
        model: 'champion',
        existing: 'keep',
        encoding: null,
        ...given,
      };
      await translation.check({
        target,
        ...(source === undefined ? {} : { source }),
        model: options.model,
        glossaries: options.glossaries,
        memory: options.memory && options.memories !== null ? { ids: options.memories } : options.memory,
      });
      return {
        name: name === '' ? `document.${format}` : name,
        format,
        source: source === undefined ? null : checkLanguage('source', source),
        target: checkLanguage('target', target),
        options,
      };
    },

    receive: (file) => receive(documents, documentFiles, file),

    start: (upload, request, caller, idempotencyKey = null) => start(upload, request, caller, idempotencyKey),

    async discard({ id }) {
      await documents.remove(id);
      await documentFiles.remove(id);
    },
    get,
    list: ({ status }, page, caller) =>
      documents.list(
        { ...(caller.isAdmin ? {} : { owner: caller.id }), ...(status === undefined ? {} : { status }) },
        page,
      ),

    async content(id, caller) {
      const document = await get(id, caller);
      const { result, status } = document;
      if (status === 'expired') throw expiredError(document);
      if (result !== null && status === 'succeeded')
        return { document, path: await documentFiles.of(id).getFile(result) };
      throw new PerennialError('CONFLICT', `The document "${id}" has no translation: it ${stateOf(document)}.`, {
        remedy: terminalRunStatuses.has(status)
          ? (document.error?.remedy ?? 'Send it again.')
          : `Ask GET /v1/documents/${id} until its status is succeeded.`,
      });
    },

    async remove(id, caller) {
      const document = await get(id, caller);
      await audit.write({
        actor: caller.name,
        action: 'document.remove',
        subject: id,
        detail: { name: document.name },
      });
      // First: a translation that ends now finds no document, and leaves no file behind.
      await documents.remove(id);
      const run = await runs.get(document.run);
      if (run && !terminalRunStatuses.has(run.status) && !(await launcher.cancel(run)))
        await endLostRun(runs, run, 'cancelled', 'its document was removed');
      await documentFiles.remove(id);
    },
  };
}

function stateOf({ status, progress, error }: StoredDocument): string {
  if (status === 'running' && progress) return `is being translated, ${progress.done} of ${progress.total} segments`;
  if (status === 'failed') return `failed: ${error?.message ?? 'see its run'}`;
  return `${status === 'cancelled' ? 'was' : 'is'} ${status}`;
}
