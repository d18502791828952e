import type { ModelVersion } from '../../../contracts/models.ts';
import type { ArtifactStore } from '../../ports/artifacts.ts';
import type { LoadedModel, SessionThreads } from '../../serving/index.ts';
import { Decoder, type DecoderOptions } from '../decoding/index.ts';
import { ConfiguredModel } from './configured-model.ts';
import { type LanguagePair, loadManifest, loadTranslationModel } from './model.ts';
import type { ServedModelOptions } from './served-model.ts';

export interface LoadOptions extends ServedModelOptions {
  readonly artifacts: ArtifactStore;
  /** Called when the first model is loaded. */
  readonly threads: () => SessionThreads;
  /** Default int8. */
  readonly precision?: NonNullable<DecoderOptions['precision']>;
}

/** Of the maps of a vocabulary, estimated. */
const bytesPerSubword = 600;
/** Memory of an aligner over its bytes at rest, at most: the tables in which it finds pairs are a quarter full or more. */
const alignerGrowth = 5;

interface Key {
  readonly pair: LanguagePair;
  readonly artifact: ModelVersion['artifact'];
}

/** Names an artifact in a direction. */
export function keyOf({ source, target }: LanguagePair, { artifact }: ModelVersion): string {
  return JSON.stringify({ pair: { source, target }, artifact });
}

/**
 * Loads a model for a direction and warms it up.
 *
 * @throws MODEL_FORMAT, ARTIFACT_MISSING, ARTIFACT_CORRUPT.
 */
export async function loadServed(key: string, options: LoadOptions): Promise<LoadedModel<ConfiguredModel>> {
  const { pair, artifact } = JSON.parse(key) as Key;
  const { artifacts, precision = 'int8', maxWaiting, maxWaitMs, windowMs } = options;
  const threads = options.threads();
  const { concurrency = threads.count } = options;
  const file = await loadTranslationModel(artifacts, artifact);
  // Kept until the first graph is built, then read again for others, which are rare.
  let held: typeof file.weights | null = file.weights;
  const decoder = new Decoder(
    {
      shape: file.shape,
      weights: async () => held ?? (await loadTranslationModel(artifacts, artifact)).weights,
    },
    threads,
    { precision },
  );
  await decoder.warmUp();
  held = null;
  const direction = file.pairs.find(({ source, target }) => source === pair.source && target === pair.target);
  const served = new ConfiguredModel(
    direction ?? pair,
    { subwords: file.subwords, decoder, pairs: file.pairs, aligner: file.aligner },
    {
      concurrency,
      ...(maxWaiting === undefined ? {} : { maxWaiting }),
      ...(maxWaitMs === undefined ? {} : { maxWaitMs }),
      ...(windowMs === undefined ? {} : { windowMs }),
    },
  );
  const room = file.subwords.size * bytesPerSubword + (file.aligner?.bytes ?? 0);
  return {
    value: served,
    bytes: () => decoder.bytes + room,
    dispose: () => decoder.release(),
  };
}

/** Memory that a model will take, bytes. int8 graphs have a byte a weight, and stand in memory twice in each thread. */
export async function estimateServed(key: string, { artifacts, precision, threads }: LoadOptions): Promise<number> {
  const { artifact } = JSON.parse(key) as Key;
  const { weights, aligner } = await loadManifest(artifacts, artifact);
  const share = precision === 'float32' ? 1 : 0.25;
  return weights.bytes * share * 2 * threads().count + (aligner?.bytes ?? 0) * alignerGrowth;
}
