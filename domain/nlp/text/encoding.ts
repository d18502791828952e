const marks: readonly { readonly encoding: string; readonly mark: Uint8Array }[] = [
  { encoding: 'utf-8', mark: Uint8Array.of(0xef, 0xbb, 0xbf) },
  { encoding: 'utf-16le', mark: Uint8Array.of(0xff, 0xfe) },
  { encoding: 'utf-16be', mark: Uint8Array.of(0xfe, 0xff) },
];

/** The byte order mark that bytes begin with, and the encoding it stands for. */
export function byteOrderMark(bytes: Uint8Array): (typeof marks)[number] | undefined {
  return marks.find(({ mark }) => mark.every((byte, i) => bytes[i] === byte));
}

/** UTF-16 without a mark: of its first four bytes every second is zero. */
export function unmarkedUtf16([a, b, c, d]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (a && b === 0 && c && d === 0) return 'utf-16le';
  if (a === 0 && b && c === 0 && d) return 'utf-16be';
  return undefined;
}

/** WHATWG name of an encoding by any of its labels; undefined for an unknown one. */
export function encodingNamed(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** Whether a label that a file declares cannot be true: what could be read byte by byte is no UTF-16. */
export function contradictsItself(declared: string): boolean {
  return /^(utf-?16|ucs-?2|iso-10646-ucs-2)/i.test(declared);
}

/** 0x80 to 0x9F of windows-1252, which Node 20 decodes as ISO-8859-1 has them. */
const windows = [...'€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'];

/** Text in windows-1252 that was decoded as ISO-8859-1. */
export function asWindows1252(text: string): string {
  return text.replace(/[\x80-\x9f]/g, (char) => windows[char.charCodeAt(0) - 0x80] ?? char);
}
