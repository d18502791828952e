import { availableParallelism, constants, setPriority } from 'node:os';
import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { expiredError } from '../../../domain/documents/index.ts';
import { translateDocument } from '../../../domain/nlp/documents/index.ts';
import { openTranslation } from '../../../domain/nlp/translator/index.ts';
import type { StepContext } from '../../../domain/ports/step-context.ts';
import type { TranslateDocumentParams } from '../params.ts';

/** Of the process at most: three quarters for the model and the indexes of memories, the rest for the document. */
const memoryMiB = 4096;
/** Each thread has a copy of the model. */
const mostThreads = 8;

/**
 * Translates the document in a process of its own, which gives way to all others on the machine: a document that brings it
 * down costs an attempt of this document only, and whoever waits for a sentence does not notice.
 */
export const translate: StepDefinition<TranslateDocumentParams> = {
  title: 'Translate the document',
  isolation: 'process',
  timeout: '6h',
  resources: { memoryMiB },
  output: Type.Object({ segments: Type.Integer(), characters: Type.Integer() }),
  async run({ params, services, signal, progress, metric, log }: StepContext<TranslateDocumentParams>) {
    giveWay();
    const { documents, documentFiles } = services;
    const document = await documents.get(params.document);
    if (document === null) {
      throw new PerennialError('NOT_FOUND', `There is no document "${params.document}".`, {
        remedy: 'It was removed, or its upload broke off: send it again.',
      });
    }
    if (document.status === 'expired') throw expiredError(document);
    const files = documentFiles.of(document.id);
    const translation = openTranslation(services, {
      bytes: 0.75 * memoryMiB * 2 ** 20,
      // Several documents are translated at a time.
      threads: Math.min(mostThreads, Math.ceil(availableParallelism() / 2)),
    });
    try {
      const { bytes, source, characters, evidence } = await translateDocument(
        translation.service,
        { ...document, bytes: await files.getBytes(document.input) },
        {
          signal,
          progress: (done, total) => progress(done, total, 'segments'),
          warn: (message) => log('warn', message),
        },
      );
      const result = await files.putBytes(bytes);
      const kept = await documents.finish(document.id, { result, source, characters, evidence });
      if (!kept) await documentFiles.remove(document.id);
      metric('characters', characters);
      return { segments: evidence.segments.total, characters };
    } finally {
      await translation.close();
    }
  },
};

/** Lowers the priority of this process; where the system does not allow it, it stays. */
function giveWay(): void {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {
    // Nothing depends on it.
  }
}
