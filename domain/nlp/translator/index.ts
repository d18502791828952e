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
  loadManifest,
  loadTranslationModel,
  modelNameOf,
  storeTranslationModel,
  type TranslationModelFile,
} from './model.ts';
export { type OpenTranslation, openTranslation, type TranslationResources, type TranslationStores } from './open.ts';
export { remoteTranslation, type ServedTranslation } from './remote.ts';
export { translationGates } from './rollout-gates.ts';
export { ServedModel, type ServedModelOptions } from './served-model.ts';
export type { SegmentsRequest, TranslationCall, TranslationService } from './service-types.ts';
export { TranslationModels } from './translation-models.ts';
export { translateTexts } from './translator.ts';
