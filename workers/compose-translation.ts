import type { Config } from '../config/index.ts';
import {
  type OpenTranslation,
  openTranslation,
  type TranslationResources,
  type TranslationStores,
} from '../domain/nlp/translator/index.ts';
import type { ArtifactStore } from '../domain/ports/artifacts.ts';

/** Share of the longest wait that a request may spend before it is prepared; the rest is for waiting for the model. */
const preparationShare = 0.5;

/** Translation as the configuration says it. */
export function composeTranslation(
  config: Pick<Config, 'servingMiB' | 'servingThreads' | 'translateMaxWaitMs'> &
    Partial<Pick<Config, 'predictionDays' | 'predictionPercent'>>,
  {
    models,
    memories,
    glossaries,
    traffic,
    configurations,
    rollouts,
    predictionLog,
  }: Omit<TranslationStores, 'artifacts' | 'clock'>,
  artifacts: ArtifactStore,
  options: Pick<TranslationResources, 'precision' | 'onFailure' | 'onUnwritten' | 'observer'> = {},
): OpenTranslation {
  return openTranslation(
    {
      models,
      memories,
      glossaries,
      artifacts,
      clock: { now: () => new Date() },
      ...(traffic && { traffic }),
      ...(configurations && { configurations }),
      ...(rollouts && { rollouts }),
      ...(predictionLog && config.predictionDays !== 0 && { predictionLog }),
    },
    {
      bytes: config.servingMiB * 2 ** 20,
      threads: config.servingThreads,
      preparationMaxWaitMs: preparationShare * config.translateMaxWaitMs,
      modelMaxWaitMs: (1 - preparationShare) * config.translateMaxWaitMs,
      predictionShare: (config.predictionPercent ?? 100) / 100,
      ...options,
    },
  );
}
