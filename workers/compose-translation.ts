import type { Config } from '../config/index.ts';
import { createGlossaryService, createMemoryService } from '../domain/nlp/language-data/index.ts';
import {
  createTranslationService,
  Glossaries,
  Memories,
  TranslationModels,
  type TranslationModelsOptions,
  type TranslationService,
} from '../domain/nlp/translator/index.ts';
import type { ArtifactStore } from '../domain/ports/artifacts.ts';
import { SessionThreads } from '../domain/serving/index.ts';
import type { Database } from '../storage/postgres/index.ts';

export interface ComposedTranslation {
  readonly service: TranslationService;
  readonly models: TranslationModels;
  close(): Promise<void>;
}

/** Share of the memory that models have; the rest is for the indexes of translation memories. */
const modelShare = 0.75;
/** Share of the longest wait that a request may spend before it is prepared; the rest is for waiting for the model. */
const preparationShare = 0.5;

/** Wires translation from the configuration. Threads start and models are loaded as they are first needed. */
export function composeTranslation(
  config: Pick<Config, 'servingMiB' | 'servingThreads' | 'translateMaxWaitMs'>,
  database: Pick<Database, 'models' | 'memories' | 'glossaries'>,
  artifacts: ArtifactStore,
  options: Pick<TranslationModelsOptions, 'precision' | 'onFailure'> = {},
): ComposedTranslation {
  const clock = { now: () => new Date() };
  let threads: SessionThreads | undefined;
  const bytes = config.servingMiB * 2 ** 20;
  const models = new TranslationModels({
    models: database.models,
    artifacts,
    threads: () => {
      threads ??= new SessionThreads(config.servingThreads);
      return threads;
    },
    clock,
    limit: modelShare * bytes,
    maxWaitMs: (1 - preparationShare) * config.translateMaxWaitMs,
    ...options,
  });
  const service = createTranslationService({
    models,
    memories: new Memories({
      memories: createMemoryService({ memories: database.memories, clock }),
      clock,
      limit: (1 - modelShare) * bytes,
      ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }),
    }),
    glossaries: new Glossaries(createGlossaryService({ glossaries: database.glossaries, clock })),
    clock,
    maxWaitMs: preparationShare * config.translateMaxWaitMs,
  });
  return {
    service,
    models,
    // Runs under way are cut: whoever waits for them is gone or is told.
    close: async () => threads?.close(),
  };
}
