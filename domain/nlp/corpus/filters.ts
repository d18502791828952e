import { scan } from '../markup/index.ts';
import { words } from '../text/index.ts';
import type { LanguageDetector } from './language.ts';

/** Why a pair is not used. */
export type Reason =
  | 'empty'
  | 'no-letters'
  | 'too-long'
  | 'length-ratio'
  | 'placeholders'
  | 'numbers'
  | 'language'
  | 'copy'
  | 'duplicate'
  | 'conflict';

/** Looks at one normalised pair; the reason to refuse it, or null. */
export type Filter = (source: string, target: string) => Reason | null;

/** One side has no text. */
export const empty: Filter = (source, target) => (source === '' || target === '' ? 'empty' : null);

/** One side has no letter: numbers and signs need no model. */
export const noLetters: Filter = (source, target) =>
  /\p{L}/u.test(source) && /\p{L}/u.test(target) ? null : 'no-letters';

/** More words or characters than a model is to learn from at once. */
export function tooLong(mostWords: number, mostCharacters: number): Filter {
  return (source, target) => {
    if (source.length > mostCharacters || target.length > mostCharacters) return 'too-long';
    return words(source).length > mostWords || words(target).length > mostWords ? 'too-long' : null;
  };
}

/** One side has more than `ratio` times the words of the other, and over 4 more: one of them says something else. */
export function lengthRatio(ratio: number): Filter {
  return (source, target) => {
    const [a, b] = [words(source).length, words(target).length];
    return Math.max(a, b) > ratio * Math.min(a, b) + 4 ? 'length-ratio' : null;
  };
}

/** Tags, variables and addresses of one side that the other has not; entities may stand as characters there. */
export const placeholders: Filter = (source, target) => {
  const parts = (text: string) =>
    scan(text)
      .filter((found) => text[found.start] !== '&')
      .map((found) => (found.name === undefined ? text.slice(found.start, found.end) : `${found.kind} ${found.name}`))
      .sort()
      .join('\n');
  return parts(source) === parts(target) ? null : 'placeholders';
};

/** Numbers of three and more digits, separators of thousands and decimals aside, that the other side has not. */
export const numbers: Filter = (source, target) => {
  const found = (text: string) =>
    (text.match(/\p{Nd}+(?:[.,'’\u00a0\u202f ]\p{Nd}+)*/gu) ?? [])
      .map((number) => number.replace(/\P{Nd}/gu, ''))
      .filter((number) => number.length >= 3)
      .sort()
      .join(' ');
  return found(source) === found(target) ? null : 'numbers';
};

/** A side that is clearly of another language ({@link LanguageDetector.mayBe}). */
export function language(detector: LanguageDetector, source: string, target: string): Filter {
  return (from, to) => (detector.mayBe(from, source, target) && detector.mayBe(to, target, source) ? null : 'language');
}
