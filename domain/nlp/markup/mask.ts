import { PerennialError } from '../../../contracts/errors.ts';
import { placeholder } from '../text/index.ts';
import { type Found, type ScanOptions, scan } from './scan.ts';

/** A masked part of a text. */
export interface Part {
  /** What stands in the source, to be given back to the letter. */
  readonly content: string;
  readonly kind: 'open' | 'close' | 'single' | 'value';
  /** Index of the partner of an `open` or `close`; -1 for the others. */
  readonly partner: number;
  /** Index of the innermost pair's opening part around it, or -1. */
  readonly parent: number;
}

/** A text whose tags and variables are placeholders: part i is the private-use character U+E000 + i. */
export interface Masked {
  /** Tags and blanks around everything that is to be translated: put back in front as they are. */
  readonly prefix: string;
  readonly suffix: string;
  /** What is to be translated. Its parts are numbered from 0 in their order. */
  readonly text: string;
  readonly parts: readonly Part[];
  /** Whether the text holds characters that the format writes as entities, to be escaped when put back. */
  readonly escape: boolean;
}

/** A piece of a text: characters, or a part to be masked. */
export type Piece =
  | { readonly text: string }
  | {
      readonly content: string;
      readonly kind: Found['kind'];
      readonly name?: string;
      /** The content is text, to be escaped where texts are. */
      readonly escape?: boolean;
    };

/** Most parts a text can have: the private-use area has no more characters. */
const most = 6400;

/**
 * Masks tags, entities, variables and addresses of a text ({@link scan}). Tags and blanks around the whole text stay
 * outside of what is translated, so that `<b>Save</b>` is a translation of `Save`.
 */
export function mask(text: string, options: ScanOptions = {}): Masked {
  return maskPieces(piecesOf(text, options), false);
}

/** A text as pieces: its characters, and the parts to be masked. */
export function piecesOf(text: string, options: ScanOptions = {}): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of scan(text, options)) {
    if (found.start > at) pieces.push({ text: text.slice(at, found.start) });
    const content = text.slice(found.start, found.end);
    pieces.push({ content, kind: found.kind, ...(found.name === undefined ? {} : { name: found.name }) });
    at = found.end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

/** Masks a text given in pieces. With `escaped`, what is restored has `&`, `<`, `>` of its text as entities. */
export function maskPieces(pieces: readonly Piece[], escaped: boolean): Masked {
  const partner = pairUp(pieces);
  const [from, to] = borders(pieces, partner);
  let prefix = join(pieces.slice(0, from), escaped);
  let suffix = join(pieces.slice(to), escaped);
  const parts: Part[] = [];
  const index = new Map<number, number>();
  const open: number[] = [];
  let text = '';
  for (let i = from; i < to; i++) {
    const piece = pieces[i] as Piece;
    if ('text' in piece) {
      text += piece.text;
      continue;
    }
    const other = partner[i] as number;
    const paired = other >= 0;
    if (parts.length >= most) {
      throw new PerennialError('VALIDATION_FAILED', `A text has more than ${most} tags and variables`, {
        remedy: 'Split the text into several.',
      });
    }
    if (piece.kind === 'close' && paired) open.pop();
    const parent = open.at(-1) ?? -1;
    index.set(i, parts.length);
    if (piece.kind === 'open' && paired) open.push(parts.length);
    text += placeholder(parts.length);
    const kind = piece.kind === 'value' ? 'value' : paired ? piece.kind : 'single';
    const content = piece.escape && escaped ? escapeText(piece.content) : piece.content;
    parts.push({ content, kind, partner: other, parent });
  }
  const numbered = parts.map((part) => ({ ...part, partner: index.get(part.partner) ?? -1 }));
  // Blanks at the borders are no part of a translation either.
  const start = text.length - text.trimStart().length;
  const bare = text.trim();
  prefix += text.slice(0, start);
  suffix = text.slice(start + bare.length) + suffix;
  return { prefix, suffix, text: bare, parts: numbered, escape: escaped };
}

/** Where what is to be translated begins and ends: blanks, single tags and pairs around everything are outside. */
function borders(pieces: readonly Piece[], partner: Int32Array): [number, number] {
  let [from, to] = [0, pieces.length];
  const loose = (i: number): boolean => {
    const piece = pieces[i] as Piece;
    return 'text' in piece ? piece.text.trim() === '' : piece.kind !== 'value' && (partner[i] as number) < 0;
  };
  while (from < to) {
    if (loose(from)) from++;
    else if (loose(to - 1)) to--;
    else if (partner[from] === to - 1) {
      from++;
      to--;
    } else break;
  }
  return [from, to];
}

/** For every piece the place of its partner tag, or -1. A tag closed out of turn leaves those within it alone. */
function pairUp(pieces: readonly Piece[]): Int32Array {
  const partner = new Int32Array(pieces.length).fill(-1);
  const open: { name: string; at: number }[] = [];
  const waiting = new Map<string, number>();
  for (const [i, piece] of pieces.entries()) {
    if ('text' in piece || piece.name === undefined) continue;
    if (piece.kind === 'open') {
      open.push({ name: piece.name, at: i });
      waiting.set(piece.name, (waiting.get(piece.name) ?? 0) + 1);
    } else if (piece.kind === 'close' && (waiting.get(piece.name) ?? 0) > 0) {
      for (;;) {
        const last = open.pop() as { name: string; at: number };
        waiting.set(last.name, (waiting.get(last.name) as number) - 1);
        if (last.name !== piece.name) continue;
        partner[i] = last.at;
        partner[last.at] = i;
        break;
      }
    }
  }
  return partner;
}

/** `&`, `<`, `>` and the no-break space as entities, as HTML's serialisation writes them in texts. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('\u00a0', '&nbsp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function join(pieces: readonly Piece[], escaped: boolean): string {
  return pieces
    .map((piece) => ('text' in piece ? (escaped ? escapeText(piece.text) : piece.text) : piece.content))
    .join('');
}
