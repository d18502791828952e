import { createHash } from 'node:crypto';
import { documentLimits } from '../../contracts/documents.ts';
import { PerennialError } from '../../contracts/errors.ts';
import { terminalRunStatuses } from '../../contracts/runs.ts';
import { launch, type RunStarter } from '../dag/index.ts';
import type { DocumentFiles, DocumentRepository, StoredDocument } from '../ports/documents.ts';
import type { AuditLog } from '../ports/keys.ts';
import type { RunLauncher } from '../ports/runs.ts';
import type { Caller, CheckedRequest } from './request.ts';
import type { Upload } from './upload.ts';

const documentPipeline = 'translate-document';

export interface StartedDocument {
  readonly document: StoredDocument;
  /** False when an earlier request with the same idempotency key made it. */
  readonly created: boolean;
}

export interface DocumentStarterDeps {
  readonly documents: DocumentRepository;
  readonly documentFiles: DocumentFiles;
  readonly starter: RunStarter;
  readonly launcher: Pick<RunLauncher, 'start'>;
  readonly audit: AuditLog;
}

/** Makes uploads documents, each with the run that translates it; see {@link DocumentService.start}. */
export function documentStarter({ documents, documentFiles, starter, launcher, audit }: DocumentStarterDeps) {
  return async (
    upload: Upload,
    request: CheckedRequest,
    caller: Caller,
    idempotencyKey: string | null,
  ): Promise<StartedDocument> => {
    const id = idempotencyKey === null ? upload.id : idOf(upload, request, caller, idempotencyKey);
    const earlier = idempotencyKey === null ? null : await documents.get(id);
    if (earlier) {
      await documentFiles.remove(upload.id);
      return { document: earlier, created: false };
    }
    await refuseTooMany(caller);
    await keepAs(id, upload);
    const { run, created } = await makeRun(id, caller, idempotencyKey);
    const { name, format, target } = request;
    const by = caller.name;
    try {
      await documents.add({ ...request, id, input: upload.input, owner: caller.id, by, run: run.id });
    } catch (error) {
      // The same request, sent twice at a time: either may write it down.
      if (idempotencyKey === null || !(error instanceof PerennialError && error.code === 'CONFLICT')) throw error;
    }
    if (created) {
      const detail = { name, format, target, run: run.id };
      await audit.write({ actor: by, action: 'document.translate', subject: id, detail });
      await launch(launcher, run);
    }
    const document = await documents.get(id);
    if (document) return { document, created };
    throw removed(`The document "${id}" was removed while it was sent.`);
  };

  async function refuseTooMany({ id }: Caller): Promise<void> {
    const open = await documents.countOpen(id);
    if (open < documentLimits.open) return;
    throw new PerennialError('RATE_LIMITED', `${open} documents of this key are waiting or being translated.`, {
      remedy: 'Send more when some are done.',
    });
  }

  /** Moves the file of an upload to the document it becomes. */
  async function keepAs(id: string, upload: Upload): Promise<void> {
    if (id === upload.id) return;
    await documents.reserve(id);
    await documentFiles.of(id).putFile(await documentFiles.of(upload.id).getFile(upload.input));
    await documentFiles.remove(upload.id);
  }

  /** The run of a document: that of an earlier request with the same key, which broke off before the document was stored. */
  async function makeRun(id: string, caller: Caller, key: string | null): ReturnType<RunStarter['create']> {
    const trigger = { kind: 'api', by: caller.name } as const;
    // Keys of one caller are none of another's business.
    const idempotencyKey = key === null ? null : `document/${caller.id}/${key}`;
    try {
      const made = await starter.create({
        pipeline: documentPipeline,
        params: { document: id },
        trigger,
        idempotencyKey,
        cache: false,
      });
      if (made.created || !terminalRunStatuses.has(made.run.status)) return made;
    } catch (error) {
      if (!(error instanceof PerennialError && error.code === 'IDEMPOTENCY_CONFLICT')) throw error;
      await documentFiles.remove(id);
      throw new PerennialError(
        'IDEMPOTENCY_CONFLICT',
        `The idempotency key "${key}" was used for another document, or for other options of its translation.`,
        { remedy: 'Use a new key for a new request, or send the same file with the same options.', cause: error },
      );
    }
    await documentFiles.remove(id);
    throw removed(`The document that the idempotency key "${key}" was used for has been removed.`);
  }
}

function removed(message: string): PerennialError {
  return new PerennialError('GONE', message, { remedy: 'Send it with a new idempotency key to translate it again.' });
}

/**
 * The id of the document that a request with an idempotency key makes: the same for the same request, so that its run has the
 * same parameters, and another for any other file or option. A UUID of version 8 (RFC 9562).
 */
function idOf({ input }: Upload, request: CheckedRequest, { id: owner }: Caller, key: string): string {
  const { name, format, source, target, options } = request;
  const said = JSON.stringify([owner, key, input.sha256, name, format, source, target, options]);
  const hex = createHash('sha256').update(said).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}
