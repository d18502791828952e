export { detectLanguages, loadDetector } from './detect-language.ts';
export { Glossaries, type PreparedGlossary, prepareTerms } from './glossaries.ts';
export { type ExactHit, type MemoryLookUp, noMemory, type SimilarHit } from './look-up.ts';
export { Memories, type MemoriesInUse, type MemoriesOptions } from './memories.ts';
export { type IndexedEntry, MemoryIndex } from './memory-index.ts';
export {
  decodeWeights,
  encodeWeights,
  formatVersion,
  type LanguagePair,
  loadManifest,
  loadTranslationModel,
  modelNameOf,
  storeTranslationModel,
  type TranslationModelFile,
  type TranslationModelManifest,
} from './model.ts';
export type { TranslateTextsOptions } from './outcome.ts';
export { type SentenceDecoder, ServedModel, type ServedModelOptions } from './served-model.ts';
export { createTranslationService, type TranslationService, type TranslationServiceDeps } from './service.ts';
export type { GlossaryTerm } from './terms.ts';
export type { TextFormat } from './text-segments.ts';
export { type ModelInUse, TranslationModels, type TranslationModelsOptions } from './translation-models.ts';
export { translateTexts } from './translator.ts';
