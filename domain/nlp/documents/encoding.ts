import { asWindows1252, byteOrderMark, contradictsItself, encodingNamed, unmarkedUtf16 } from '../text/index.ts';
import { invalid } from './document.ts';

/** The text of a file, and how it is written again in the same way. */
export interface DecodedText {
  readonly text: string;
  /** WHATWG name, such as `utf-8` or `windows-1252`. */
  readonly encoding: string;
  /**
   * The text in the encoding of the file, with its byte order mark.
   *
   * @param unencodable what stands for a character that the encoding does not have. Without it the whole text becomes
   * UTF-8, which `changed` says.
   */
  encode(text: string, unencodable?: (char: string) => string): { bytes: Uint8Array; changed: boolean };
}

/**
 * Decodes a whole file: by its byte order mark, else by what is given, else by what it declares, else as UTF-8.
 *
 * @param declared what the format says about itself, such as the charset of an HTML page; an unknown one is ignored.
 * @throws SOURCE_INVALID for bytes that the encoding does not have, for an unknown `given`, and for what is no text.
 */
export function decodeText(bytes: Uint8Array, given?: string, declared?: string): DecodedText {
  const start = byteOrderMark(bytes);
  const encoding = start?.encoding ?? known(given) ?? unmarkedUtf16(bytes) ?? declaredLabel(declared) ?? 'utf-8';
  const mark = start?.mark ?? new Uint8Array();
  const body = bytes.subarray(mark.length);
  const text = decodeStrictly(body, encoding);
  if (text.includes('\0')) {
    throw invalid('The file is no text: it holds the character U+0000.', 'Give a text file, or the format it has.');
  }
  return {
    text,
    encoding,
    encode(translated, unencodable) {
      const written = encodeText(translated, encoding, unencodable);
      if (written) return { bytes: Buffer.concat([mark, written]), changed: false };
      return { bytes: Buffer.from(translated, 'utf8'), changed: true };
    },
  };
}

function known(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const label = encodingNamed(given);
  if (label !== undefined) return label;
  throw invalid(`encoding = "${given}" is no encoding that is known.`, 'Give one such as utf-8 or windows-1252.');
}

function declaredLabel(declared: string | undefined): string | undefined {
  return declared === undefined || contradictsItself(declared) ? undefined : encodingNamed(declared);
}

function decodeStrictly(bytes: Uint8Array, encoding: string): string {
  if (encoding === 'windows-1252') return decodeWindows(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw invalid(
      `The file is not valid ${encoding.toUpperCase()}${placeOf(bytes, encoding)}.`,
      'Save it as UTF-8, or say its encoding, for example encoding=windows-1252.',
      cause,
    );
  }
}

/** The line of the first byte that UTF-8 does not have. */
function placeOf(bytes: Uint8Array, encoding: string): string {
  if (encoding !== 'utf-8') return '';
  const at = new TextDecoder().decode(bytes).indexOf('\uFFFD');
  if (at < 0) return '';
  const line = new TextDecoder().decode(bytes).slice(0, at).split('\n').length;
  return ` (line ${line})`;
}

function decodeWindows(bytes: Uint8Array): string {
  return asWindows1252(Buffer.from(bytes).toString('latin1'));
}

/** Null when a character cannot be written and nothing stands for it. */
function encodeText(text: string, encoding: string, unencodable?: (char: string) => string): Uint8Array | null {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  const bytes = bytesOf(encoding);
  if (!bytes) return null;
  const known = unencodable
    ? text.replace(/[^\p{ASCII}]/gu, (char) => (bytes.has(char) ? char : unencodable(char)))
    : text;
  const out = new Uint8Array(known.length);
  let length = 0;
  for (const char of known) {
    const byte = bytes.get(char);
    if (byte === undefined) return null;
    out[length++] = byte;
  }
  return out.subarray(0, length);
}

/** The byte of each character of an encoding that has one byte a character; null for others. */
function bytesOf(encoding: string): Map<string, number> | null {
  const decoder = new TextDecoder(encoding);
  const bytes = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const one = Uint8Array.of(byte);
    const char = encoding === 'windows-1252' ? decodeWindows(one) : decoder.decode(one);
    if ([...char].length !== 1) return null;
    if (char !== '\uFFFD') bytes.set(char, byte);
  }
  // Encodings of several bytes have no character for most bytes above 0x80.
  return bytes.size > 160 ? bytes : null;
}
