export { Distance } from './distance.ts';
export { fuzzyParts, sharedTargetWords } from './mark.ts';
export { type MemorySegment, memoryKey, TranslationMemory } from './memory.ts';
export { exchangeNumbers } from './numbers.ts';
export { FuzzySampler, type Neighbour, neighbours } from './sample.ts';
