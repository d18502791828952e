export type { ConstrainedHypothesis, ConstrainedOptions } from './constrained.ts';
export { Decoder, type DecoderOptions } from './decoder.ts';
export { type Hypothesis, type SearchOptions, type Source, special } from './types.ts';
