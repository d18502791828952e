import { asWindows1252, byteOrderMark, contradictsItself, encodingNamed, unmarkedUtf16 } from '../text/index.ts';
import type { Bytes, RowFault } from './rows.ts';

/** Bytes that are decoded at a time: what one step of a reader works on, however small or large they come in. */
const pieceBytes = 65_536;
/** Bytes that are looked at to find the encoding. */
const headLength = 4_096;

/** Text of a file in pieces, and what was wrong with its encoding as a whole. */
export type Decoded = { readonly text: string } | RowFault;

/**
 * Decodes a file: by its byte order mark, else by what is given, else by what it declares (XML declaration, or charset
 * of a PO header), else by the zeros of UTF-16 without a mark, else as UTF-8. Line ends stay as they are. Bytes that are
 * not valid become U+FFFD, so that the row that holds them is at fault, and no other.
 *
 * `iso-8859-1` is read as windows-1252, its superset, as the WHATWG encoding standard has it.
 */
export async function* decode(bytes: Bytes, encoding?: string): AsyncGenerator<Decoded> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let waiting: Uint8Array[] = [];
  let size = 0;
  function* step(): Generator<Decoded> {
    const piece = waiting.length === 1 && waiting[0] ? waiting[0] : Buffer.concat(waiting);
    waiting = [];
    size = 0;
    if (!decoder) {
      const { label, faults } = encodingOf(piece, encoding);
      yield* faults;
      decoder = new TextDecoder(label);
    }
    yield* pieces(decoder, piece);
  }
  for await (const chunk of bytes) {
    waiting.push(chunk);
    size += chunk.length;
    if (size >= pieceBytes) yield* step();
  }
  yield* step();
  if (decoder) yield* pieces(decoder, null);
}

/** Text of bytes; null: what the decoder still holds. */
function* pieces(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array | null): Generator<Decoded> {
  const isWindows = decoder.encoding === 'windows-1252';
  const step = (piece?: Uint8Array): Decoded => {
    const text = decoder.decode(piece, { stream: piece !== undefined });
    return {
      text: isWindows ? asWindows1252(text) : text,
    };
  };
  if (bytes === null) yield step();
  else for (let at = 0; at < bytes.length; at += pieceBytes) yield step(bytes.subarray(at, at + pieceBytes));
}

function encodingOf(head: Uint8Array, given: string | undefined): { label: string; faults: RowFault[] } {
  const mark = byteOrderMark(head);
  if (mark !== undefined) return { label: mark.encoding, faults: [] };
  if (given !== undefined) return labelOf(given);
  const guessed = unmarkedUtf16(head);
  if (guessed !== undefined) return { label: guessed, faults: [] };
  const text = Buffer.from(head.subarray(0, headLength)).toString('latin1');
  const declared =
    /^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(text)?.[1] ??
    /^\s*"(?:[^"\n]*\\n)?content-type:[^"\n]*\bcharset\s*=\s*([\w.:-]{1,40})/im.exec(text)?.[1];
  // The template's CHARSET is what xgettext leaves.
  if (declared === undefined || contradictsItself(declared) || declared === 'CHARSET')
    return { label: 'utf-8', faults: [] };
  return labelOf(declared);
}

function labelOf(label: string): { label: string; faults: RowFault[] } {
  const known = encodingNamed(label);
  if (known !== undefined) return { label: known, faults: [] };
  const reason = `the encoding "${label}" is not known; the file is read as UTF-8`;
  return { label: 'utf-8', faults: [{ line: 1, reason }] };
}
