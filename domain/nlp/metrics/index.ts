export { type Bleu, type BleuOptions, bleu, bleuOf, bleuStatistics } from './bleu.ts';
export { type Comparison, compareTranslations } from './bootstrap.ts';
export { chrf, chrfOf, chrfStatistics } from './chrf.ts';
