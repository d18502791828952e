import { cleanText } from '../corpus/index.ts';
import { type Masked, type Part, renumber, splitSentences } from '../markup/index.ts';
import { placeholder, placeholderAt, placeholdersOf } from '../text/index.ts';
import { isWorthTranslating } from './text-segments.ts';

/** A part of a segment that is translated in one go: a sentence, or the whole of it. */
export interface Passage {
  /** Clean, as models have learnt texts ({@link cleanText}); its placeholders are numbered from 0. */
  readonly text: string;
  /** What they stand for. */
  readonly parts: readonly Part[];
  /** As it stands in the segment, neither cleaned nor numbered anew. */
  readonly original: string;
  /** Blanks before and behind it in the segment. */
  readonly lead: string;
  readonly trail: string;
  /** A translation with the placeholders of the segment. */
  undo(translation: string): string;
}

/** The whole segment as a passage. */
export function wholePassage(masked: Masked): Passage {
  return passageOf(masked.text, masked.parts);
}

/**
 * The passages of a segment: its sentences, or its lines; those longer than `most` (as `lengthOf` says) are cut at sentences,
 * then at blanks near their middle. Joined they are the segment.
 */
export function passagesOf(
  { text, parts }: Masked,
  options: {
    readonly language: string;
    readonly split: boolean;
    readonly most: number;
    readonly lengthOf: (text: string) => number;
  },
): Passage[] {
  const { language, split, most, lengthOf } = options;
  // A subword never has 20 characters on average: what is far too long is not encoded to see it.
  const fits = (piece: string) => piece.length <= most || (piece.length <= 20 * most && lengthOf(piece) <= most);
  // Lines stay lines: a model has learnt none.
  const lines = text.match(/[^\n]*\n\s*|[^\n]+$/g) ?? [text];
  const sentences = lines.flatMap((line) => (split || !fits(line) ? splitSentences(line, language) : [line]));
  const cut = (piece: string): string[] => {
    if (fits(piece) || piece.length < 2) return [piece];
    const at = middle(piece);
    return [...cut(piece.slice(0, at)), ...cut(piece.slice(at))];
  };
  return sentences.flatMap(cut).map((piece) => passageOf(piece, parts));
}

function passageOf(text: string, parts: readonly Part[]): Passage {
  const core = text.trim();
  const start = text.length - text.trimStart().length;
  const { text: renumbered, undo } = renumber(isWorthTranslating(core) ? cleanText(core) : core);
  const own = [...new Set(placeholdersOf(core))].flatMap((i) => parts[i] ?? []);
  return {
    text: renumbered,
    parts: own,
    original: core,
    lead: text.slice(0, start),
    trail: text.slice(start + core.length),
    undo,
  };
}

/** Where a long piece is cut: behind the blank nearest to its middle, else in its middle, never within a character. */
function middle(piece: string): number {
  const half = piece.length >> 1;
  for (let d = 0; d < half; d++) {
    for (const at of [half - d, half + d]) if (/\s/.test(piece[at] ?? '') && at + 1 < piece.length) return at + 1;
  }
  return /[\uDC00-\uDFFF]/.test(piece[half] ?? '') ? half + 1 : half;
}

/** How a memory may have the tags of parts: as numbers of inline codes, `<1>`, `</1>`, `<1/>`. */
function codesOf(parts: readonly Part[]): (string | null)[] {
  const numbers = new Map<number, number>();
  let next = 1;
  const opened: number[] = [];
  return parts.map((part, i) => {
    if (part.kind === 'value') return null;
    if (part.kind === 'close') {
      const open = opened.pop();
      const number = open === undefined ? next++ : (numbers.get(open) as number);
      return `</${number}>`;
    }
    const number = next++;
    numbers.set(i, number);
    if (part.kind === 'open') opened.push(i);
    return part.kind === 'open' ? `<${number}>` : `<${number}/>`;
  });
}

/** A text with the contents of parts where their placeholders stand. */
export function substitute(text: string, contents: (part: number) => string): string {
  let out = '';
  for (let at = 0; at < text.length; at++) {
    const part = placeholderAt(text, at);
    out += part < 0 ? text[at] : contents(part);
  }
  return out;
}

/** The forms in which a memory may have a passage as its source: with its tags as they are, and as numbered codes. */
export function formsOf({ text, parts }: Passage): string[] {
  const plain = substitute(text, (i) => parts[i]?.content ?? '');
  const codes = codesOf(parts);
  const coded = substitute(text, (i) => codes[i] ?? parts[i]?.content ?? '');
  return plain === coded ? [plain] : [plain, coded];
}

/** A translation out of a memory with the placeholders of the passage for the tags and values that it has. */
export function adopt(target: string, { parts }: Pick<Passage, 'parts'>): string {
  if (parts.length === 0) return target;
  const codes = codesOf(parts);
  const byStart = new Map<string, { part: number; form: string }[]>();
  for (const [part, { content }] of parts.entries()) {
    for (const form of [codes[part], content]) {
      if (!form) continue;
      const start = form[0] as string;
      byStart.set(start, [...(byStart.get(start) ?? []), { part, form }]);
    }
  }
  const used = new Set<number>();
  let out = '';
  for (let at = 0; at < target.length; ) {
    const found = byStart
      .get(target[at] as string)
      ?.filter(({ part, form }) => !used.has(part) && target.startsWith(form, at))
      .sort((a, b) => b.form.length - a.form.length || a.part - b.part)[0];
    if (found) {
      used.add(found.part);
      out += placeholder(found.part);
      at += found.form.length;
    } else out += target[at++];
  }
  return out;
}
