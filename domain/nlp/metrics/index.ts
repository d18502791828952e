export { bleu, bleuOf, bleuStatistics } from './bleu.ts';
export { compareTranslations } from './bootstrap.ts';
export { chrf, chrfOf, chrfStatistics } from './chrf.ts';
export { editRate } from './edit-rate.ts';
