import { type OpenDocument, type OpenOptions, textSegment } from './document.ts';
import { decodeText } from './encoding.ts';

/**
 * A plain text: each line is a segment. Line ends, blank lines, indentation, encoding and byte order mark stay; where the
 * encoding does not have the letters of the target, the file becomes UTF-8, with a warning.
 *
 * @throws SOURCE_INVALID for what is no text in its encoding.
 */
export function openText(bytes: Uint8Array, { encoding }: OpenOptions): OpenDocument {
  const decoded = decodeText(bytes, encoding);
  const lines = decoded.text.split(/(\r\n|[\n\r\u2028\u2029])/);
  const found = lines.map((line, i) => (i % 2 === 0 ? textSegment(line) : null));
  return {
    segments: found.filter((segment) => segment !== null),
    kept: 0,
    write(translations) {
      let next = 0;
      const text = lines.map((line, i) => (found[i] ? oneLine(translations[next++] ?? line) : line)).join('');
      const { bytes: written, changed } = decoded.encode(text);
      return { bytes: written, warnings: changed ? [encodingWarning(decoded.encoding)] : [] };
    },
  };
}

export function encodingWarning(encoding: string): string {
  return `${encoding} does not have all characters of the translation; the file is UTF-8 now`;
}

/** A translation that would make another line of itself does not. */
function oneLine(text: string): string {
  return text.replaceAll(/[\n\r\u2028\u2029]+/g, ' ');
}
