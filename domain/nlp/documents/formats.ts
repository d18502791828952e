import type { DocumentFormat } from '../../../contracts/documents.ts';
import type { OpenDocument, OpenOptions } from './document.ts';
import { openDocx } from './docx/index.ts';
import { openHtml } from './html.ts';
import { openPo } from './po.ts';
import { openText } from './text.ts';
import { openXliff } from './xliff.ts';

interface Format {
  /** Endings of names, the usual first. */
  readonly endings: readonly string[];
  /** Media types, the one that is answered first. */
  readonly types: readonly string[];
  open(bytes: Uint8Array, options: OpenOptions): OpenDocument | Promise<OpenDocument>;
}

const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml';

const formats: Readonly<Record<DocumentFormat, Format>> = {
  txt: { endings: ['txt', 'text'], types: ['text/plain'], open: openText },
  html: { endings: ['html', 'htm', 'xhtml'], types: ['text/html', 'application/xhtml+xml'], open: openHtml },
  po: { endings: ['po', 'pot'], types: ['text/x-gettext-translation', 'text/x-po', 'application/x-po'], open: openPo },
  xliff: {
    endings: ['xliff', 'xlf'],
    types: ['application/xliff+xml', 'application/x-xliff+xml'],
    open: openXliff,
  },
  docx: {
    endings: ['docx', 'docm', 'dotx'],
    types: [`${word}.document`, `${word}.template`, 'application/vnd.ms-word.document.macroenabled.12'],
    open: openDocx,
  },
};

/** The format of a document by its name, else by its content type; undefined when neither says it. */
export function documentFormatOf(name: string, contentType = ''): DocumentFormat | undefined {
  const ending = /\.([A-Za-z]{2,6})$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const all = Object.entries(formats) as [DocumentFormat, Format][];
  return (all.find(([, { endings }]) => endings.includes(ending)) ??
    all.find(([, { types }]) => types.includes(type)))?.[0];
}

/** The media type that a translated document is answered with. */
export function mediaTypeOf(format: DocumentFormat): string {
  return formats[format].types[0] as string;
}

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
  return formats[format].open(bytes, options);
}
