export { type AssortmentGap, findGaps, type GapModel, trainGap } from './gap.ts';
export { Linker } from './link.ts';
export { misspell, type ParaphraseKind, paraphrase } from './paraphrase.ts';
export { clausesOf } from './tokens.ts';
export { trainLinker } from './train-linker.ts';
export type { Assortment, CustomerText } from './types.ts';
