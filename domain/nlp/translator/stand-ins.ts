import { renumber } from '../markup/index.ts';
import { capitalise } from '../subwords/casing.ts';
import { placeholderTokens } from '../subwords/special.ts';
import type { Annotation } from '../terminology/index.ts';
import { placeholder, placeholderAt, placeholdersOf } from '../text/index.ts';
import type { AppliedTerm } from './terms.ts';

/** A passage in which placeholders stand for the terms that a translation missed. */
export interface StandIns {
  /** The passage, its placeholders numbered from 0 in order, as models have learnt them. */
  readonly text: string;
  /** The terms that were not missed, by their places in `text`. */
  readonly annotations: readonly Annotation[];
  /** Those that stand for missed terms, as `text` has them. */
  readonly placeholders: readonly string[];
  /**
   * A translation of `text` with the terms' targets for their placeholders, and the passage's own placeholders.
   *
   * @param within it as it would stand within a sentence: its first word has no capital for being the first, which it is
   * not behind a term. Default: the same.
   */
  restore(translation: string, within?: string): string;
}

/**
 * Puts placeholders in the place of missed terms: a model that cannot be brought to write a word that it has never seen
 * brings a placeholder along, and the sentence around it stays sound (Post et al. 2019, "An Exploration of Placeholding in
 * Neural Machine Translation").
 *
 * @param text the passage, with placeholders of its own. @param applied its terms, in order.
 * @returns null when the model has not so many placeholders.
 */
export function standIns(text: string, applied: readonly AppliedTerm[]): StandIns | null {
  const own = placeholdersOf(text);
  const first = own.length === 0 ? 0 : Math.max(...own) + 1;
  const targets: string[] = [];
  const annotations: Annotation[] = [];
  let out = '';
  let at = 0;
  for (const { match, form } of applied) {
    const { start, end, term } = match;
    out += text.slice(at, start);
    if (form === 'missed') out += placeholder(first + targets.push(term.target) - 1);
    else {
      annotations.push({ start: out.length, end: out.length + end - start, target: term.target });
      out += text.slice(start, end);
    }
    at = end;
  }
  // One placeholder is one character: numbering them anew moves nothing.
  const { text: numbered, undo } = renumber(out + text.slice(at));
  if (new Set(placeholdersOf(numbered)).size > placeholderTokens) return null;
  const stands = (index: number) => index >= first;
  return {
    text: numbered,
    annotations,
    placeholders: placeholdersOf(out + text.slice(at)).flatMap((index, i) =>
      stands(index) ? [placeholder(placeholdersOf(numbered)[i] as number)] : [],
    ),
    restore(translation, within = translation) {
      const [start] = placeholdersOf(undo(within).replace(/[\p{L}\p{N}].*$/su, '')).filter(stands);
      const text = undo(start === undefined ? translation : within);
      return fill(text, (index) => (stands(index) ? targets[index - first] : undefined));
    },
  };
}

/** Puts words in the place of placeholders, apart from the words beside them. */
function fill(text: string, wordOf: (index: number) => string | undefined): string {
  let out = '';
  for (let at = 0; at < text.length; at++) {
    const index = placeholderAt(text, at);
    const word = index < 0 ? undefined : wordOf(index);
    if (word === undefined) {
      out += text[at];
      continue;
    }
    if (/[\p{L}\p{N}]$/u.test(out)) out += ' ';
    const begins = !/[\p{L}\p{N}]/u.test(out);
    // Words with capitals of their own, such as names of products, keep theirs.
    out += begins && word === word.toLowerCase() ? capitalise(word) : word;
    if (/^[\p{L}\p{N}]/u.test(text.slice(at + 1)) || placeholderIsWord(text, at + 1, wordOf)) out += ' ';
  }
  return out;
}

function placeholderIsWord(text: string, at: number, wordOf: (index: number) => string | undefined): boolean {
  const index = at < text.length ? placeholderAt(text, at) : -1;
  return index >= 0 && wordOf(index) !== undefined;
}
