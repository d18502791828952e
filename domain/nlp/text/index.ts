export { normaliseUnicode } from './normalise.ts';
export {
  placeholder,
  placeholderAt,
  placeholderPattern,
  placeholdersOf,
} from './placeholders.ts';
export { type Stem, stemmer } from './stem.ts';
export { type Word, words } from './words.ts';
