import { stemmer, type Word, words } from '../text/index.ts';
import type { Glossary, Term, TermMatch } from './glossary.ts';

/**
 * How a target term stands in a translation: `exact` (letter by letter, upper and lower case aside), `inflected`
 * (another form, by stems), `contained` (within another word, as in German compounds), or not at all.
 */
export type TermForm = 'exact' | 'inflected' | 'contained' | 'missed';

export interface TermUse {
  readonly match: TermMatch;
  readonly form: TermForm;
  /** Where it stands in the translation; absent when missed. */
  readonly start?: number;
  readonly end?: number;
}

/**
 * What became of the terms of a source in its translation. A place in the translation counts for one term only, so a
 * term that the source has twice is to stand there twice.
 *
 * @param language of the translation.
 */
export function checkTerms(translation: string, matches: readonly TermMatch[], language: string): TermUse[] {
  const found = words(translation);
  const stem = stemmer(language);
  const lower = found.map((word) => word.text.toLowerCase());
  const stems = found.map((word) => stem(word.text));
  const taken = new Uint8Array(found.length);
  const uses = new Map<TermMatch, TermUse>();
  const claim = (form: TermForm, place: (match: TermMatch) => [number, number] | null) => {
    for (const match of matches) {
      if (uses.has(match)) continue;
      const at = place(match);
      if (!at) continue;
      taken.fill(1, at[0], at[1]);
      uses.set(match, { match, form, start: (found[at[0]] as Word).start, end: (found[at[1] - 1] as Word).end });
    }
  };
  const free = (from: number, n: number) =>
    from + n <= found.length && taken.subarray(from, from + n).every((t) => t === 0);
  const run = (have: readonly string[], want: readonly string[]): [number, number] | null => {
    if (want.length === 0) return null;
    for (let at = have.indexOf(want[0] as string); at >= 0; at = have.indexOf(want[0] as string, at + 1)) {
      if (free(at, want.length) && want.every((word, i) => have[at + i] === word)) return [at, at + want.length];
    }
    return null;
  };
  const parts = (match: TermMatch) => words(match.term.target).map((word) => word.text);
  claim('exact', (match) =>
    run(
      lower,
      parts(match).map((word) => word.toLowerCase()),
    ),
  );
  claim('inflected', (match) => run(stems, parts(match).map(stem)));
  claim('contained', (match) => {
    const target = match.term.target.toLowerCase();
    const at = /^[\p{L}\p{M}\p{N}]{3,}$/u.test(target)
      ? lower.findIndex((word, i) => taken[i] === 0 && word.includes(target))
      : -1;
    return at < 0 ? null : [at, at + 1];
  });
  return matches.map((match) => uses.get(match) ?? { match, form: 'missed' });
}

export interface TermAccuracy {
  /** Terms found in the sources. */
  readonly terms: number;
  /** Share of them that stand in the translation as in the glossary. */
  readonly exact: number;
  /** Share that stand there in any form, compounds included. */
  readonly lemmatised: number;
}

/** Term accuracy of a corpus (Dinu et al. 2019; lemmatised by stems). 1 when no source has a term. */
export function termAccuracy(
  sources: readonly string[],
  translations: readonly string[],
  glossary: Glossary,
  language: string,
): TermAccuracy {
  let [terms, exact, any] = [0, 0, 0];
  for (const [i, source] of sources.entries()) {
    for (const use of checkTerms(translations[i] ?? '', glossary.find(source), language)) {
      terms++;
      if (use.form === 'exact') exact++;
      if (use.form !== 'missed') any++;
    }
  }
  return { terms, exact: terms === 0 ? 1 : exact / terms, lemmatised: terms === 0 ? 1 : any / terms };
}

/**
 * Term accuracy by plain search: every glossary source found in a sentence as a whole word, ignoring case, counts,
 * overlaps too; it is right when the translation contains the target anywhere, ignoring case. `\b` and the comparison
 * follow Python's `re`, so that the figure can be compared with other tools'.
 */
export function containedTermAccuracy(
  sources: readonly string[],
  translations: readonly string[],
  terms: readonly Pick<Term, 'source' | 'target'>[],
): { terms: number; right: number; accuracy: number } {
  const patterns = terms.map(({ source, target }) => ({
    pattern: new RegExp(source.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu'),
    target: target.toLowerCase(),
  }));
  let [count, right] = [0, 0];
  for (const [i, source] of sources.entries()) {
    const translation = (translations[i] ?? '').toLowerCase();
    for (const { pattern, target } of patterns) {
      if (!standsAsWord(source, pattern)) continue;
      count++;
      if (translation.includes(target)) right++;
    }
  }
  return { terms: count, right, accuracy: right / Math.max(1, count) };
}

function standsAsWord(text: string, pattern: RegExp): boolean {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (isBorder(text, match.index) && isBorder(text, match.index + match[0].length)) return true;
    pattern.lastIndex = match.index + 1;
  }
  return false;
}

/** Python's `\b`: a letter, number or underscore on one side only. */
function isBorder(text: string, at: number): boolean {
  const before = /[\p{L}\p{N}_]$/u.test(text.slice(Math.max(0, at - 2), at));
  const after = /^[\p{L}\p{N}_]/u.test(text.slice(at, at + 2));
  return before !== after;
}
