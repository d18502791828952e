import { randomUUID } from 'node:crypto';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { documentLimits } from '../../contracts/documents.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { DocumentFiles, DocumentRepository } from '../ports/documents.ts';

/** A file that has come in, whose translation has not been started. */
export interface Upload {
  /** Id of the document it becomes. */
  readonly id: string;
  readonly input: ArtifactRef;
}

/** Stores a file while it comes in; of one that breaks off, is too large or empty nothing stays. */
export async function receive(
  documents: Pick<DocumentRepository, 'reserve'>,
  files: DocumentFiles,
  file: AsyncIterable<Uint8Array>,
): Promise<Upload> {
  const id = randomUUID();
  await documents.reserve(id);
  try {
    const input = await files.of(id).putStream(limited(file));
    if (input.bytes > 0) return { id, input };
    throw new PerennialError('VALIDATION_FAILED', 'The file is empty.', {
      fields: [{ field: 'body', value: 0, message: 'must have bytes' }],
      remedy: 'Send the document as the body.',
    });
  } catch (error) {
    await files.remove(id);
    throw error;
  }
}

async function* limited(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { bytes: most } = documentLimits;
  let bytes = 0;
  for await (const chunk of file) {
    bytes += chunk.length;
    if (bytes > most) {
      throw new PerennialError('BODY_TOO_LARGE', `The document has more than ${most / 2 ** 20} MiB.`, {
        remedy: 'Divide it into several.',
      });
    }
    yield chunk;
  }
}
