import { definePipeline } from '../../domain/dag/index.ts';
import { TranslationParams } from './params.ts';
import { observeTranslation, translationPolicy } from './policy.ts';
import { registeredModels } from './registered-models.ts';
import { evaluate } from './steps/evaluate.ts';
import { ingest } from './steps/ingest.ts';
import { mine } from './steps/mine-terms.ts';
import { preprocess } from './steps/preprocess.ts';
import { publish } from './steps/publish.ts';
import { subwords } from './steps/subwords.ts';
import { adapt, trainGeneral } from './steps/train.ts';

/** A translation model of a language pair: trained on general text, adapted to the memories of a domain. */
export const translation = definePipeline({
  id: 'translation',
  title: 'Translation',
  description: 'Trains the translation model of a language pair and adapts it to a domain’s memories and terms.',
  params: TranslationParams,
  // A pair's lake partitions and champion are written by one run at a time; pairs share nothing.
  concurrency: { perKey: 1, key: 'pair' },
  models: registeredModels,
  policies: [translationPolicy],
  observe: observeTranslation,
  steps: {
    ingest,
    preprocess,
    subwords,
    'mine-terms': mine,
    'train-general': trainGeneral,
    adapt,
    evaluate,
    publish,
  },
});
