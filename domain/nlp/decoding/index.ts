export type { ConstrainedHypothesis, ConstrainedOptions } from './constrained.ts';
export { Decoder, type DecoderOptions } from './decoder.ts';
export type { Hypothesis, SearchOptions, Source } from './types.ts';
