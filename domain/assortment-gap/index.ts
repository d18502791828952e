export { assortmentOf, type KnownAssortment } from './assortment.ts';
export { decodeGap, encodeGap } from './codec.ts';
export { type AssortmentGap, findGaps, type GapModel, trainGap } from './gap.ts';
export { Linker } from './link.ts';
export { misspell, type ParaphraseKind, paraphrase } from './paraphrase.ts';
export { clausesOf } from './tokens.ts';
export { trainLinker } from './train-linker.ts';
export type { Assortment, CustomerText } from './types.ts';
export { type YearlyValue, yearlyValues } from './value.ts';
