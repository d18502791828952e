import { stemmer, type Word, words } from '../text/index.ts';
import { Aligner, type WordPair } from './align.ts';
import { BaseForms } from './bases.ts';
import type { Link } from './symmetrise.ts';

export interface TextPair {
  readonly source: string;
  readonly target: string;
}

/** Words of a pair that translate each other, so that one can be annotated with the other. */
export interface Candidate {
  /** Offsets in the source. */
  readonly start: number;
  readonly end: number;
  /** What stands in the target, in base form. */
  readonly base: string;
  /** Offsets of the form that stands in the target. */
  readonly targetStart: number;
  readonly targetEnd: number;
}

export interface MinedPair extends TextPair {
  /** By start, then end; they may overlap. */
  readonly candidates: readonly Candidate[];
}

export interface MineOptions {
  /** Language codes of the pairs. */
  readonly source: string;
  readonly target: string;
  /** Most words of a candidate on either side; default 3. */
  readonly longest?: number;
  /**
   * So many of the most frequent words of each language are taken for function words, five times as many of those of
   * up to three letters; default 50.
   */
  readonly common?: number;
  /** Learnt alignment; default: it is learnt from the pairs. */
  readonly aligner?: Aligner;
}

/** Words of a pair in the form that alignment counts: stems of words, symbols as they are. */
export function alignable(pair: TextPair, languages: { readonly source: string; readonly target: string }): WordPair {
  const [source, target] = [stemmer(languages.source), stemmer(languages.target)];
  return {
    source: words(pair.source).map((word) => source(word.text)),
    target: words(pair.target).map((word) => target(word.text)),
  };
}

/**
 * Finds in sentence pairs themselves what terminology could say about them, so that a model learns to follow terms
 * without any glossary (Bergmanis and Pinnis 2021): content words and short phrases whose word alignment is consistent
 * (Och and Ney 2004), each with its translation in base form ({@link BaseForms}). Linear in the text; blocks while
 * the alignment is learnt.
 */
export function mineTerms(pairs: readonly TextPair[], options: MineOptions): MinedPair[] {
  const longest = options.longest ?? 3;
  const aligner = options.aligner ?? Aligner.train(pairs.map((pair) => alignable(pair, options)));
  const frequent = {
    source: commonWords(
      pairs.map((pair) => pair.source),
      options.common ?? 50,
    ),
    target: commonWords(
      pairs.map((pair) => pair.target),
      options.common ?? 50,
    ),
  };
  const bases = new BaseForms(options.target);
  const found = pairs.map((pair) => {
    bases.addText(pair.target);
    const [source, target] = [words(pair.source), words(pair.target)];
    const links = aligner.align(alignable(pair, options));
    const spans = consistentSpans(source, target, links, longest, frequent);
    return spans.map(([a, b, c, d]) => {
      const [targetStart, targetEnd] = [(target[c] as Word).start, (target[d] as Word).end];
      const form = pair.target.slice(targetStart, targetEnd);
      const key = bases.key(form);
      if (d > c) bases.add(key, form);
      const [start, end] = [(source[a] as Word).start, (source[b] as Word).end];
      return { start, end, targetStart, targetEnd, form, key };
    });
  });
  return pairs.map(({ source, target }, i) => ({
    source,
    target,
    candidates: (found[i] ?? []).map(({ form, key, ...span }) => ({ ...span, base: bases.base(key) ?? form })),
  }));
}

/** Words of texts taken for function words by their frequency, in lower case. */
function commonWords(texts: readonly string[], n: number): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of words(text.toLowerCase())) {
      if (word.kind === 'word') counts.set(word.text, (counts.get(word.text) ?? 0) + 1);
    }
  }
  const order = [...counts].sort(([a, m], [b, k]) => k - m || (a < b ? -1 : 1));
  // Short words that are frequent are function words further down the list than long ones.
  return new Set(order.slice(0, 5 * n).flatMap(([word], rank) => (rank < n || word.length <= 3 ? [word] : [])));
}

/** Letters, at least three (one in scripts whose words are short), and no function word. */
function isContent(word: Word | undefined, common: ReadonlySet<string>): boolean {
  if (word?.kind !== 'word' || common.has(word.text.toLowerCase())) return false;
  return /^[\p{L}\p{M}]+$/u.test(word.text) && (word.text.length >= 3 || /\p{Lo}/u.test(word.text));
}

/** Pairs of spans [source from, to, target from, to] whose links stay within them, content words at their borders. */
function consistentSpans(
  source: readonly Word[],
  target: readonly Word[],
  links: readonly Link[],
  longest: number,
  common: { source: ReadonlySet<string>; target: ReadonlySet<string> },
): [number, number, number, number][] {
  const to: number[][] = source.map(() => []);
  const from: number[][] = target.map(() => []);
  for (const [i, j] of links) {
    to[i]?.push(j);
    from[j]?.push(i);
  }
  const inner = (word: Word | undefined) => word?.kind === 'word' || word?.text === '-';
  const out: [number, number, number, number][] = [];
  for (let a = 0; a < source.length; a++) {
    if (!isContent(source[a], common.source)) continue;
    for (let b = a; b < Math.min(source.length, a + longest) && inner(source[b]); b++) {
      if (!isContent(source[b], common.source)) continue;
      const linked = to.slice(a, b + 1).flat();
      // A word at a border that says nothing would be no part of the term.
      if (to[a]?.length === 0 || to[b]?.length === 0) continue;
      const [c, d] = [Math.min(...linked), Math.max(...linked)];
      if (d - c >= longest || !isContent(target[c], common.target) || !isContent(target[d], common.target)) continue;
      const within = target.slice(c, d + 1).every(inner);
      const back = from.slice(c, d + 1).flat();
      if (within && back.every((i) => i >= a && i <= b)) out.push([a, b, c, d]);
    }
  }
  return out;
}
