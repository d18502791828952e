import type { DocumentFiles, DocumentRepository } from '../ports/documents.ts';

const batch = 100;

/**
 * Removes the files of documents whose translation ended longer than `keepMs` ago, which are expired from then on, and files
 * that no document keeps: of uploads that broke off with their process. Any number of processes may do this at any time.
 *
 * @param keepMs null: documents stay until they are deleted.
 * @throws AggregateError when files could not be removed; all others are, and the next call tries these again.
 */
export async function forgetDocuments(
  {
    documents,
    documentFiles,
  }: {
    readonly documents: Pick<DocumentRepository, 'expire' | 'clearOut'>;
    readonly documentFiles: Pick<DocumentFiles, 'remove'>;
  },
  now: Date,
  keepMs: number | null,
): Promise<void> {
  if (keepMs !== null) {
    const before = new Date(now.getTime() - keepMs);
    while ((await documents.expire(before, now, batch)) === batch);
  }
  const failures: unknown[] = [];
  const remove = (id: string): Promise<boolean> =>
    documentFiles.remove(id).then(
      () => true,
      (error: unknown) => {
        failures.push(error);
        return false;
      },
    );
  for (let after: string | null = ''; after !== null; )
    after = await documents.clearOut({ now, after, limit: batch }, remove);
  if (failures.length > 0)
    throw new AggregateError(
      failures,
      `The files of ${failures.length} documents could not be removed: ${String(failures[0])}`,
    );
}
