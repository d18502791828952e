export { Distance } from './distance.ts';
export { fuzzyParts, sharedTargetWords } from './mark.ts';
export {
  type LookUpOptions,
  type MatchKind,
  type MemoryMatch,
  type MemorySegment,
  memoryKey,
  TranslationMemory,
} from './memory.ts';
export { exchangeNumbers } from './numbers.ts';
export { type FuzzySampleOptions, FuzzySampler, type Neighbour, neighbours } from './sample.ts';
