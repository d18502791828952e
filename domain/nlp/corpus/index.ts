export { type CleanOptions, type CleanReport, type CorpusPair, cleanCorpus, cleanText } from './clean.ts';
export type { Filter, Reason } from './filters.ts';
export { type DetectedLanguage, LanguageDetector } from './language.ts';
