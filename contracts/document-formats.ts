/** Formats of documents that are translated whole. */
export const documentFormats = ['txt', 'html', 'po', 'xliff', 'docx'] as const;
export type DocumentFormat = (typeof documentFormats)[number];
/** Formats of documents that are read; a PDF cannot be written back. */
export type ReadableFormat = DocumentFormat | 'pdf';

interface FileType {
  /** Endings of names, the usual first. */
  readonly endings: readonly string[];
  /** Media types, the one that is answered first. */
  readonly types: readonly string[];
}

const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml';

const fileTypes: Readonly<Record<DocumentFormat, FileType>> = {
  txt: { endings: ['txt', 'text'], types: ['text/plain'] },
  html: { endings: ['html', 'htm', 'xhtml'], types: ['text/html', 'application/xhtml+xml'] },
  po: { endings: ['po', 'pot'], types: ['text/x-gettext-translation', 'text/x-po', 'application/x-po'] },
  xliff: { endings: ['xliff', 'xlf'], types: ['application/xliff+xml', 'application/x-xliff+xml'] },
  docx: {
    endings: ['docx', 'docm', 'dotx'],
    types: [`${word}.document`, `${word}.template`, 'application/vnd.ms-word.document.macroenabled.12'],
  },
};

/** The format of a document by its name, else by its content type; undefined when neither says it. */
export function documentFormatOf(name: string, contentType = ''): DocumentFormat | undefined {
  const ending = /\.([A-Za-z]{2,6})$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  return (
    documentFormats.find((format) => fileTypes[format].endings.includes(ending)) ??
    documentFormats.find((format) => fileTypes[format].types.includes(type))
  );
}

/** The format of a document that is only read, by its name. */
export function readableFormatOf(name: string): ReadableFormat | undefined {
  return /\.pdf$/i.test(name) ? 'pdf' : documentFormatOf(name);
}

/** The media type that a document is answered with. */
export function documentMediaType(format: DocumentFormat): string {
  return fileTypes[format].types[0] as string;
}
