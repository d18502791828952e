export { normaliseUnicode } from './normalise.ts';
export {
  firstPlaceholder,
  lastPlaceholder,
  placeholder,
  placeholderAt,
  placeholderPattern,
  placeholdersOf,
} from './placeholders.ts';
export { type Stem, stemmer } from './stem.ts';
export { lowerWords, type Word, words } from './words.ts';
