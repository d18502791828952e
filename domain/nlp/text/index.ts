export { asWindows1252, byteOrderMark, contradictsItself, encodingNamed, unmarkedUtf16 } from './encoding.ts';
export { normaliseUnicode } from './normalise.ts';
export { placeholder, placeholderAt, placeholderPattern, placeholdersOf } from './placeholders.ts';
export { stemmer } from './stem.ts';
export { type Word, words } from './words.ts';
