import type { ArtifactStore } from '../../ports/artifacts.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PredictionLog } from '../../ports/feedback.ts';
import type { LanguageResourceRepository } from '../../ports/language-resources.ts';
import type { ModelRepository } from '../../ports/models.ts';
import type { RolloutRepository } from '../../ports/rollouts.ts';
import type { ServingConfigurationRepository } from '../../ports/serving-configurations.ts';
import type { TrafficRepository } from '../../ports/traffic.ts';
import { comparisonWriter, type ServingObserver, SessionThreads, warmUp } from '../../serving/index.ts';
import { createGlossaryService, createMemoryService } from '../language-data/index.ts';
import { Glossaries } from './glossaries.ts';
import { Memories } from './memories.ts';
import { PredictionRecorder } from './prediction-recorder.ts';
import { createTranslationService } from './service.ts';
import type { TranslationService } from './service-types.ts';
import { TranslationModels, type TranslationModelsOptions } from './translation-models.ts';

/** What translation needs of an installation. */
export interface TranslationStores {
  readonly models: ModelRepository;
  readonly memories: LanguageResourceRepository;
  readonly glossaries: LanguageResourceRepository;
  readonly artifacts: ArtifactStore;
  readonly clock: Clock;
  /** Absent: champions answer all. */
  readonly traffic?: TrafficRepository;
  /** Absent: models are served by what is built in. */
  readonly configurations?: Pick<ServingConfigurationRepository, 'get' | 'inForce'>;
  readonly rollouts?: Pick<RolloutRepository, 'addComparisons'>;
  /** Keeps what is answered. Absent: nothing is kept. */
  readonly predictionLog?: Pick<PredictionLog, 'add'>;
}

export interface TranslationResources extends Pick<TranslationModelsOptions, 'precision' | 'onFailure'> {
  /** Memory of models and indexes together, in bytes. */
  readonly bytes: number;
  /** Threads that compute. */
  readonly threads: number;
  /** Longest waits before a request is prepared and for the model, milliseconds; defaults 1,000 and 2,000. */
  readonly preparationMaxWaitMs?: number;
  readonly modelMaxWaitMs?: number;
  /** Share of the requests that are logged, where there is a log; default 1. */
  readonly predictionShare?: number;
  /** Hears what is compared or logged could not be written, and is tried again. */
  readonly onUnwritten?: (what: string, error: unknown) => void;
  /** Hears what is served. */
  readonly observer?: ServingObserver;
}

export interface OpenTranslation {
  readonly service: TranslationService;
  readonly models: TranslationModels;
  /**
   * Loads the champions of all pairs with their memories, as far as the bound of memory goes, and translates a sentence by
   * each, so that the first request is as fast as others. What cannot be loaded is told and left out.
   */
  warmUp(signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Share of the memory that models have; the rest is for the indexes of translation memories. */
const modelShare = 0.75;

/** In any language, as only its way counts. */
const warmUpText = 'This warms the model up.';

/** Translation over the stores of an installation. Threads start and models are loaded as they are first needed. */
export function openTranslation(
  {
    models,
    memories,
    glossaries,
    artifacts,
    clock,
    traffic,
    configurations,
    rollouts,
    predictionLog,
  }: TranslationStores,
  {
    bytes,
    threads: count,
    precision,
    onFailure,
    onUnwritten,
    preparationMaxWaitMs,
    modelMaxWaitMs,
    predictionShare = 1,
    observer,
  }: TranslationResources,
): OpenTranslation {
  let threads: SessionThreads | undefined;
  const told = onFailure === undefined ? {} : { onFailure };
  const served = new TranslationModels({
    models,
    artifacts,
    threads: () => {
      threads ??= new SessionThreads(count);
      return threads;
    },
    clock,
    ...(traffic === undefined ? {} : { traffic }),
    ...(configurations === undefined ? {} : { configurations }),
    limit: modelShare * bytes,
    ...(precision === undefined ? {} : { precision }),
    ...(modelMaxWaitMs === undefined ? {} : { maxWaitMs: modelMaxWaitMs }),
    ...told,
  });
  const reported = onUnwritten ?? (() => {});
  const comparisons = rollouts && comparisonWriter(rollouts, reported);
  const recorder =
    predictionLog && new PredictionRecorder({ log: predictionLog, clock, share: predictionShare, onFailure: reported });
  const deps = {
    models: served,
    memories: new Memories({
      memories: createMemoryService({ memories, clock }),
      clock,
      limit: (1 - modelShare) * bytes,
      ...told,
    }),
    glossaries: new Glossaries(createGlossaryService({ glossaries, clock })),
    clock,
    ...(preparationMaxWaitMs === undefined ? {} : { maxWaitMs: preparationMaxWaitMs }),
  };
  const service = createTranslationService({
    ...deps,
    ...(comparisons && { comparisons }),
    ...(recorder && { predictions: recorder }),
    ...(observer && { observer }),
  });
  // What warms up is no request of anybody: neither counted nor compared.
  const unobserved = createTranslationService(deps);
  return {
    service,
    models: served,
    async warmUp(signal) {
      await warmUp(await service.pairs(), {
        limit: modelShare * bytes,
        bytes: () => served.bytes,
        async load({ source, target }) {
          await unobserved.translate({ text: warmUpText, source, target }, signal === undefined ? {} : { signal });
        },
        failed: ({ model }, error) => onFailure?.(model, error),
        signal,
      });
    },
    // Runs under way are cut: whoever waits for them is gone or is told.
    close: async () => {
      await Promise.all([served.unfollow(), comparisons?.close(), recorder?.close()]);
      await threads?.close();
    },
  };
}
