export { type CleanOptions, type CorpusPair, cleanCorpus, cleanText } from './clean.ts';
export { LanguageDetector } from './language.ts';
