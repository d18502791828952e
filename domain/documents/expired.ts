import { PerennialError } from '../../contracts/errors.ts';
import type { StoredDocument } from '../ports/documents.ts';

/** GONE: the files of a document were removed because of their age. */
export function expiredError({ id, expiredAt }: Pick<StoredDocument, 'id' | 'expiredAt'>): PerennialError {
  const when = expiredAt?.slice(0, 10) ?? '';
  return new PerennialError('GONE', `The document "${id}" has expired: its files were removed on ${when}.`, {
    remedy: 'Send it again to have it translated anew.',
  });
}
