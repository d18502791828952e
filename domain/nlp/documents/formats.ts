import type { DocumentFormat } from '../../../contracts/document-formats.ts';
import type { OpenDocument, OpenOptions } from './document.ts';
import { openDocx } from './docx/index.ts';
import { openHtml } from './html.ts';
import { openPo } from './po.ts';
import { openText } from './text.ts';
import { openXliff } from './xliff.ts';

type Opener = (bytes: Uint8Array, options: OpenOptions) => OpenDocument | Promise<OpenDocument>;

const openers: Readonly<Record<DocumentFormat, Opener>> = {
  txt: openText,
  html: openHtml,
  po: openPo,
  xliff: openXliff,
  docx: openDocx,
};

/**
 * Takes a document apart.
 *
 * @throws SOURCE_INVALID saying what of it cannot be read.
 */
export async function openDocument(
  format: DocumentFormat,
  bytes: Uint8Array,
  options: OpenOptions,
): Promise<OpenDocument> {
  return openers[format](bytes, options);
}
