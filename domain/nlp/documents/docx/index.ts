import { invalid, type OpenDocument, type OpenOptions } from '../document.ts';
import { decodeText } from '../encoding.ts';
import { Zip } from '../zip.ts';
import { readPart } from './part.ts';
import { attributeOf, parsePart } from './xml.ts';

const limits = { entries: 10_000, part: 64 * 2 ** 20, total: 160 * 2 ** 20 } as const;

/** Parts with text, by the end of their content types, in the order in which they are translated. */
const wordKinds = [
  'document.main+xml',
  'template.main+xml',
  'document.macroEnabled.main+xml',
  'template.macroEnabledTemplate.main+xml',
  'header+xml',
  'footer+xml',
  'footnotes+xml',
  'endnotes+xml',
  'comments+xml',
].map((kind) => new RegExp(`(?:wordprocessingml|ms-word)\\.${kind.replaceAll(/[.+]/g, '\\$&')}$`));
const mainKinds = 4;
const kinds = [
  ...wordKinds,
  // Charts, the shapes drawn on them, and diagrams: what they consist of, and how Word drew them last.
  /drawingml\.(?:chart|chartshapes|diagramData|diagramDrawing)\+xml$/,
  /ms-office\.chartex\+xml$/,
];

/**
 * A Word document (OOXML, transitional or strict; templates and documents with macros too): the paragraphs of body, tables, text
 * boxes, headers, footers, notes and comments, the texts of charts and diagrams, and what is said in place of pictures. All
 * other parts are written again byte for byte, and of these parts all but the content of translated paragraphs and texts.
 *
 * @throws SOURCE_INVALID for what is no such document, is cut, damaged, encrypted or too large unpacked.
 */
export function openDocx(bytes: Uint8Array, { target }: OpenOptions): OpenDocument {
  const zip = open(bytes);
  const language = spellingLanguage(target);
  const parts = partsOf(zip).map((name) => readPart(name, bytesOf(zip, name), language));
  return {
    segments: parts.flatMap(({ segments }) => segments),
    kept: 0,
    write(translations) {
      const result = open(bytes);
      let at = 0;
      for (const part of parts) {
        const own = translations.slice(at, at + part.segments.length);
        at += part.segments.length;
        if (own.length > 0) result.replace(part.name, part.write(own));
      }
      return { bytes: result.write(), warnings: [] };
    },
  };
}

function open(bytes: Uint8Array): Zip {
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0) {
    throw invalid(
      'The file is a document of Word 97 to 2003, or protected by a password.',
      'Save it as .docx, without a password.',
    );
  }
  return new Zip(bytes, limits);
}

/** Names of the parts with text. */
function partsOf(zip: Zip): string[] {
  const types = zip.read('[Content_Types].xml');
  if (!types) throw invalid('The archive is no Office document: it has no [Content_Types].xml.', 'Give a .docx file.');
  const { xml, root } = parsePart('[Content_Types].xml', decodeText(types).text);
  const found = root.children.flatMap((node) => {
    const type = attributeOf(xml, node, 'ContentType') ?? '';
    const kind = kinds.findIndex((pattern) => pattern.test(type));
    const name = (attributeOf(xml, node, 'PartName') ?? '').replace(/^\//, '');
    return kind >= 0 && name !== '' ? [{ kind, name }] : [];
  });
  if (!found.some(({ kind }) => kind < mainKinds)) {
    throw invalid('The archive is no Word document: it has no main part.', 'Give a .docx file.');
  }
  return found.sort((a, b) => a.kind - b.kind || (a.name < b.name ? -1 : 1)).map(({ name }) => name);
}

function bytesOf(zip: Zip, name: string): Uint8Array {
  const bytes = zip.read(name);
  if (bytes) return bytes;
  throw invalid(`The document has no part ${name}, which it says it has.`, 'Save it again in its program.');
}

/** Word spells by language and region: `de` becomes `de-DE`. */
function spellingLanguage(target: string): string {
  const { language, region } = new Intl.Locale(target).maximize();
  return region === undefined ? target : `${language}-${region}`;
}
