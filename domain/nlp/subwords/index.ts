export type { Casing } from './casing.ts';
export { factor, factorCount } from './factors.ts';
export type { SubwordModel } from './file.ts';
export { begin, end, pad, placeholderTokens } from './special.ts';
export { type EncodeOptions, type Segment, Subwords } from './subwords.ts';
export { type LanguageTexts, type SubwordOptions, trainSubwords } from './train.ts';
