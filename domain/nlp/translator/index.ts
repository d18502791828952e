export {
  decodeWeights,
  encodeWeights,
  formatVersion,
  type LanguagePair,
  loadTranslationModel,
  modelNameOf,
  storeTranslationModel,
  type TranslationModelFile,
  type TranslationModelManifest,
} from './model.ts';
