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

const marks: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * Decodes a whole file: by its byte order mark, else by what is given, else by what it declares, else as UTF-8.
 *
 * @param declared what the format says about itself, such as the charset of an HTML page; an unknown one is ignored.
 * @throws SOURCE_INVALID for bytes that the encoding does not have, for an unknown `given`, and for what is no text.
 */
export function decodeText(bytes: Uint8Array, given?: string, declared?: string): DecodedText {
  const mark = marks.find(([, start]) => start.every((byte, i) => bytes[i] === byte));
  const encoding = mark?.[0] ?? known(given) ?? guessed(bytes) ?? declaredLabel(declared) ?? 'utf-8';
  const body = mark ? bytes.subarray(mark[1].length) : bytes;
  const text = decodeStrictly(body, encoding);
  if (text.includes('\0')) {
    throw invalid('The file is no text: it holds the character U+0000.', 'Give a text file, or the format it has.');
  }
  const start = Uint8Array.from(mark?.[1] ?? []);
  return {
    text,
    encoding,
    encode(translated, unencodable) {
      const written = encodeText(translated, encoding, unencodable);
      if (written) return { bytes: Buffer.concat([start, written]), changed: false };
      return { bytes: Buffer.from(translated, 'utf8'), changed: true };
    },
  };
}

function known(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const label = labelOf(given);
  if (label !== undefined) return label;
  throw invalid(`encoding = "${given}" is no encoding that is known.`, 'Give one such as utf-8 or windows-1252.');
}

/** UTF-16 without a mark: every second byte of its beginning is zero. */
function guessed([a, b, c, d]: Uint8Array): string | undefined {
  if (a && b === 0 && c && d === 0) return 'utf-16le';
  if (a === 0 && b && c === 0 && d) return 'utf-16be';
  return undefined;
}

/** A declaration that could be read byte by byte is no UTF-16. */
function declaredLabel(declared: string | undefined): string | undefined {
  return declared === undefined || /^(utf-?16|ucs-?2)/i.test(declared) ? undefined : labelOf(declared);
}

function labelOf(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
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

/** 0x80 to 0x9F of windows-1252, which Node 20 decodes as ISO-8859-1 has them. */
const windows = [...'€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'];

function decodeWindows(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (char) => windows[char.charCodeAt(0) - 0x80] ?? char);
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
