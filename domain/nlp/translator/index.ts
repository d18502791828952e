export { loadDetector } from './detect-language.ts';
export { Glossaries, type PreparedGlossary, prepareTerms } from './glossaries.ts';
export type { ExactHit, MemoryLookUp, SimilarHit } from './look-up.ts';
export { Memories } from './memories.ts';
export { MemoryIndex } from './memory-index.ts';
export {
  decodeWeights,
  encodeWeights,
  formatVersion,
  type LanguagePair,
  loadTranslationModel,
  modelNameOf,
  storeTranslationModel,
} from './model.ts';
export { ServedModel, type ServedModelOptions } from './served-model.ts';
export { createTranslationService, type TranslationCall, type TranslationService } from './service.ts';
export { TranslationModels, type TranslationModelsOptions } from './translation-models.ts';
export { translateTexts } from './translator.ts';
