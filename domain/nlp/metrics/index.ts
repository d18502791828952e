export { type Bleu, type BleuOptions, bleu, bleuOf, bleuStatistics } from './bleu.ts';
export { type BleuDifference, pairedBleuBootstrap } from './bootstrap.ts';
export { chrf, chrfOf, chrfStatistics } from './chrf.ts';
export { tokenise13a } from './tokenise13a.ts';
