import { placeholder, placeholderAt, words } from '../text/index.ts';
import { escapeText, type Masked, type Part } from './mask.ts';
import { nearest, render, type Span, settle } from './nest.ts';

/**
 * - `intact`: every part came out once, in a right order; put back where it stood.
 * - `repaired`: some were missing, doubled or crossed, and were placed by the alignment.
 * - `guessed`: so many were wrong (over half of the tags, at least 2) that their places are worth little: `plain` is
 *   the safer answer, with a warning.
 */
export type RestoreStatus = 'intact' | 'repaired' | 'guessed';

export interface Restored {
  /** The translation with every part of the source exactly once, tags nested as in the source. */
  readonly text: string;
  /** The translation without tags; variables and addresses are in it. Not escaped. */
  readonly plain: string;
  readonly status: RestoreStatus;
  /** Contents of the parts that the translation lacked, doubled or crossed. */
  readonly wrong: readonly string[];
}

/** Offset in a translation for an offset of its source; {@link RestoreOptions.align} */
export type PartAlignment = (sourceOffset: number, side: 'start' | 'end', partner?: number) => number;

export interface RestoreOptions {
  /**
   * Where a part that stands at an offset of the masked source belongs in the translation as given, before (`start`)
   * or behind (`end`) the words it marks ({@link wordAlignment}, or a model's attention); `partner` is the offset of the
   * other half of a pair. Default: in proportion to the lengths.
   */
  readonly align?: PartAlignment;
}

/**
 * Puts the parts of a masked text back into its translation. Whatever the model did to the placeholders, each part
 * comes back exactly once and the tags are nested as in the source. Takes n log n for n characters and parts.
 */
export function restore(translation: string, masked: Masked, options: RestoreOptions = {}): Restored {
  const { parts, prefix, suffix } = masked;
  const write = (text: string) => (masked.escape ? escapeText(text) : text);
  const places = collect(translation, parts.length);
  const wrong = faults(translation, parts, places);
  if (wrong.size === 0) {
    return {
      text: prefix + substitute(translation, (i) => (parts[i] as Part).content, write) + suffix,
      plain: tidy(substitute(translation, (i) => (isValue(parts[i]) ? (parts[i] as Part).content : ''), String)),
      status: 'intact',
      wrong: [],
    };
  }
  const sourceAt = collect(masked.text, parts.length).map((found) => found[0] as number);
  const goal = (part: number): number => {
    const at = sourceAt[part] as number;
    const { kind, partner = -1 } = parts[part] ?? {};
    const aligned = options.align?.(at, kind === 'close' ? 'end' : 'start', sourceAt[partner]);
    const share = at / Math.max(1, masked.text.length);
    return Math.min(translation.length, Math.max(0, Math.round(aligned ?? share * translation.length)));
  };
  const chosen = places.map((found, i) => (found.length === 0 ? null : nearest(found, goal(i))));
  const { text, moved } = withValues(translation, parts, chosen, goal);
  const borders = wordBorders(text);
  const goalStart = (part: number): number => nearest(borders.start, moved(goal(part)));
  const goalEnd = (part: number): number => nearest(borders.end, moved(goal(part)));
  const kept = (part: number): number | null => {
    const at = chosen[part] ?? null;
    return at === null ? null : moved(at);
  };
  const roots: Span[] = [];
  const spans: (Span | null)[] = parts.map(() => null);
  for (const [i, part] of parts.entries()) {
    if (part.kind === 'close' || part.kind === 'value') continue;
    const [from, to] = part.kind === 'open' ? pair(i, part.partner) : [kept(i) ?? goalStart(i), 0];
    const span: Span = { part: i, from, to: Math.max(from, to), children: [] };
    spans[i] = span;
    (spans[part.parent]?.children ?? roots).push(span);
  }
  settle(roots, 0, text.length, parts);
  const values = (given: string, how: (text: string) => string) =>
    substitute(given, (i) => (parts[i] as Part).content, how);
  const tags = parts.filter((part) => part.kind !== 'value').length;
  const wrongTags = [...wrong].filter((i) => parts[i] && !isValue(parts[i])).length;
  return {
    text: prefix + render(roots, 0, text.length, parts, (a, b) => values(text.slice(a, b), write)) + suffix,
    plain: tidy(values(text, String)),
    status: wrongTags >= 2 && wrongTags > tags / 2 ? 'guessed' : 'repaired',
    wrong: [...wrong].flatMap((i) => parts[i]?.content ?? []),
  };

  /** Both ends of a pair. Of crossed halves none is believed; a missing half stands as far away as in the source. */
  function pair(opening: number, closing: number): [number, number] {
    const [from, to] = [kept(opening), kept(closing)];
    if (from !== null && to !== null && from <= to) return [from, to];
    const [start, end] = [goalStart(opening), Math.max(goalStart(opening), goalEnd(closing))];
    if (from !== null && to === null)
      return [from, options.align && end >= from ? end : nearest(borders.end, from + end - start)];
    if (from === null && to !== null)
      return [options.align && start <= to ? start : nearest(borders.start, to - end + start), to];
    return [start, end];
  }
}

function isValue(part: Part | undefined): boolean {
  return part?.kind === 'value';
}

/** Blanks that stood on both sides of a tag become one. */
function tidy(text: string): string {
  return text.replace(/ {2,}/g, ' ').trim();
}

/** By part: the offsets of its placeholder in a text, rising. */
function collect(text: string, count: number): number[][] {
  const places: number[][] = Array.from({ length: count }, () => []);
  for (let at = 0; at < text.length; at++) places[placeholderAt(text, at)]?.push(at);
  return places;
}

/** Parts that are missing, doubled, made up, or out of their nest. */
function faults(text: string, parts: readonly Part[], places: readonly (readonly number[])[]): Set<number> {
  const wrong = new Set<number>();
  for (const [i, found] of places.entries()) if (found.length !== 1) wrong.add(i);
  const open: number[] = [];
  const lastSingle = new Map<number, number>();
  for (let at = 0; at < text.length; at++) {
    const i = placeholderAt(text, at);
    const part = parts[i];
    if (i >= 0 && !part) wrong.add(i);
    if (!part || wrong.has(i) || part.kind === 'value') continue;
    if (part.kind === 'close') {
      if (open.at(-1) === part.partner) open.pop();
      else wrong.add(i);
      continue;
    }
    if ((open.at(-1) ?? -1) !== part.parent) wrong.add(i);
    if (part.kind === 'open') open.push(i);
    else if (i < (lastSingle.get(part.parent) ?? -1)) wrong.add(i);
    else lastSingle.set(part.parent, i);
  }
  return wrong;
}

/** A text with other contents in the place of its placeholders. */
function substitute(text: string, content: (part: number) => string, write: (text: string) => string): string {
  let out = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const index = placeholderAt(text, at);
    if (index < 0) continue;
    out += write(text.slice(from, at)) + content(index);
    from = at + 1;
  }
  return out + write(text.slice(from));
}

/**
 * The translation without tags and with every value once, and where its offsets lie now. A missing value is put before
 * the word that is nearest to its goal.
 */
function withValues(
  translation: string,
  parts: readonly Part[],
  chosen: readonly (number | null)[],
  goal: (part: number) => number,
): { text: string; moved: (at: number) => number } {
  const missing = new Map<number, number[]>();
  const starts = wordBorders(translation).start;
  for (const [i, part] of parts.entries()) {
    if (part.kind !== 'value' || chosen[i] !== null) continue;
    const at = nearest(starts, goal(i));
    missing.set(at, [...(missing.get(at) ?? []), i]);
  }
  const offsets = new Int32Array(translation.length + 1);
  let text = '';
  for (let at = 0; at <= translation.length; at++) {
    for (const part of missing.get(at) ?? []) {
      const rest = at < translation.length;
      text += (text === '' || text.endsWith(' ') ? '' : ' ') + placeholder(part) + (rest ? ' ' : '');
    }
    offsets[at] = text.length;
    if (at === translation.length) break;
    const index = placeholderAt(translation, at);
    if (index < 0 || (isValue(parts[index]) && chosen[index] === at)) text += translation[at];
  }
  return { text, moved: (at) => offsets[at] as number };
}

function wordBorders(text: string): { start: number[]; end: number[] } {
  const found = words(text);
  const length = text.length;
  return { start: [...found.map((word) => word.start), length], end: [0, ...found.map((word) => word.end)] };
}
