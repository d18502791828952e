import { type DocumentFormat, documentFormatOf, documentFormats } from '../../contracts/document-formats.ts';
import { type DocumentOptions, documentLimits } from '../../contracts/documents.ts';
import { PerennialError } from '../../contracts/errors.ts';
import { terminalRunStatuses } from '../../contracts/runs.ts';
import { defaultThreshold } from '../../contracts/translation.ts';
import type { RunStarter } from '../dag/index.ts';
import { endLostRun } from '../dag/lost-runs.ts';
import { checkLanguage } from '../nlp/formats/index.ts';
import type { TranslationService } from '../nlp/translator/index.ts';
import type { DocumentFiles, DocumentFilter, DocumentRepository, StoredDocument } from '../ports/documents.ts';
import type { AuditLog } from '../ports/keys.ts';
import type { RunLauncher, RunRepository } from '../ports/runs.ts';
import { receive, type Upload } from './upload.ts';

/** The key that asks. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  /** Whether it may see the documents of all keys. */
  readonly isAdmin: boolean;
}

/** How a document is wanted; what is left out has the defaults of {@link DocumentService.check}. */
export interface DocumentRequest extends Partial<DocumentOptions> {
  /** Name of the file; '' when it has none. */
  readonly name: string;
  /** Default: what the name or the content type says. */
  readonly format?: DocumentFormat;
  readonly contentType?: string;
  /** BCP 47. Default: detected. */
  readonly source?: string;
  readonly target: string;
}

/** A request that holds, complete. */
export type CheckedRequest = Pick<StoredDocument, 'name' | 'format' | 'source' | 'target' | 'options'>;

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
  /** Starts the translation of a file. RATE_LIMITED when too many documents of the key are under way. */
  start(upload: Upload, request: CheckedRequest, caller: Caller): Promise<StoredDocument>;
  /** Removes a file whose translation was not started. */
  discard(upload: Upload): Promise<void>;
  get(id: string, caller: Caller): Promise<StoredDocument>;
  list(
    filter: Pick<DocumentFilter, 'status'>,
    page: { readonly limit: number; readonly cursor?: string },
    caller: Caller,
  ): ReturnType<DocumentRepository['list']>;
  /** Path of the translated file. CONFLICT, saying why, while there is none. */
  content(id: string, caller: Caller): Promise<{ readonly document: StoredDocument; readonly path: string }>;
  /** Stops the translation if it goes on, and removes the document with its files. */
  remove(id: string, caller: Caller): Promise<void>;
}

export interface DocumentServiceDeps {
  readonly documents: DocumentRepository;
  readonly documentFiles: DocumentFiles;
  readonly translation: TranslationService;
  readonly starter: RunStarter;
  readonly runs: RunRepository;
  readonly launcher: RunLauncher;
  readonly audit: AuditLog;
}

export const documentPipeline = 'translate-document';

export function createDocumentService(deps: DocumentServiceDeps): DocumentService {
  const { documents, documentFiles, translation, starter, runs, launcher, audit } = deps;

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

    receive: (file) => receive(documentFiles, file),

    async start({ id, input }, request, caller) {
      const open = await documents.countOpen(caller.id);
      if (open >= documentLimits.open) {
        throw new PerennialError('RATE_LIMITED', `${open} documents of this key are waiting or being translated.`, {
          remedy: 'Send more when some are done.',
        });
      }
      const { run } = await starter.create({
        pipeline: documentPipeline,
        params: { document: id },
        trigger: { kind: 'api', by: caller.name },
        cache: false,
      });
      await documents.add({ ...request, id, input, owner: caller.id, by: caller.name, run: run.id });
      const { name, format, target } = request;
      await audit.write({
        actor: caller.name,
        action: 'document.translate',
        subject: id,
        detail: { name, format, target, run: run.id },
      });
      try {
        await launcher.start(run);
      } catch (error) {
        // It stays queued, and is handed over when Temporal is back.
        if (!(error instanceof PerennialError && error.code === 'UNAVAILABLE')) throw error;
      }
      return get(id, { ...caller, isAdmin: true });
    },

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
