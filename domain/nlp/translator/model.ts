import type { ArtifactRef } from '../../../contracts/artifacts.ts';
import { PerennialError } from '../../../contracts/errors.ts';
import type { ArtifactStore } from '../../ports/artifacts.ts';
import { packBytes, unpackBytes } from '../pack.ts';
import { Subwords } from '../subwords/index.ts';
import { Aligner } from '../terminology/index.ts';
// Not the whole index: whoever serves a model needs no TensorFlow.
import { checkWeights } from '../transformer/parameters.ts';
import type { TransformerShape, TransformerWeights } from '../transformer/shape.ts';

/** Version of the form in which translation models are stored. */
export const formatVersion = 1;
const weightsKind = 'translation-weights';

/** A direction of translation; BCP 47 codes. */
export interface LanguagePair {
  readonly source: string;
  readonly target: string;
}

/** A translation model at rest: what it is, and where its parts are. */
export interface TranslationModelManifest {
  readonly formatVersion: number;
  /** Directions it was trained for. With more than one, the input begins with the tag of the target language. */
  readonly pairs: readonly LanguagePair[];
  readonly shape: TransformerShape;
  readonly weights: ArtifactRef;
  readonly subwords: ArtifactRef;
  /** The word aligner that its training data was made with, of models of one direction; absent: it has none. */
  readonly aligner?: ArtifactRef;
}

/** A translation model in memory. */
export interface TranslationModelFile {
  readonly pairs: readonly LanguagePair[];
  readonly shape: TransformerShape;
  readonly weights: TransformerWeights;
  readonly subwords: Subwords;
  readonly aligner: Aligner | null;
}

/** Name of the model of one pair in the registry. */
export function modelNameOf({ source, target }: LanguagePair): string {
  return `translation-${source}-${target}`;
}

/** Weights with their shape as bytes. */
export function encodeWeights(shape: TransformerShape, weights: TransformerWeights): Uint8Array {
  return packBytes({ kind: weightsKind, version: formatVersion, meta: { ...shape }, arrays: weights });
}

/** Reads {@link encodeWeights}. MODEL_FORMAT when the bytes are something else or a weight has another size than its shape says. */
export function decodeWeights(bytes: Uint8Array): { shape: TransformerShape; weights: TransformerWeights } {
  const { meta, arrays } = unpackBytes(bytes, weightsKind, formatVersion);
  const shape = meta as unknown as TransformerShape;
  checkWeights(shape, arrays);
  return { shape, weights: arrays };
}

/** Stores a model as one artifact that names its parts, which are artifacts already. */
export function storeTranslationModel(
  artifacts: ArtifactStore,
  model: Omit<TranslationModelManifest, 'formatVersion'>,
): Promise<ArtifactRef> {
  const manifest: TranslationModelManifest = { formatVersion, ...model };
  return artifacts.putBytes(new TextEncoder().encode(JSON.stringify(manifest)));
}

/** What a stored model is, without its parts. MODEL_FORMAT when it is of another format. */
export async function loadManifest(
  artifacts: Pick<ArtifactStore, 'getBytes'>,
  ref: ArtifactRef,
): Promise<TranslationModelManifest> {
  const manifest = JSON.parse(new TextDecoder().decode(await artifacts.getBytes(ref))) as TranslationModelManifest;
  if (manifest.formatVersion !== formatVersion)
    throw fault(`has format ${manifest.formatVersion}; this code reads format ${formatVersion}`);
  return manifest;
}

function fault(message: string): PerennialError {
  return new PerennialError('MODEL_FORMAT', `The translation model ${message}.`, {
    remedy: 'Train it again with this code, or serve it with the code that made it.',
  });
}

/** Loads what {@link storeTranslationModel} stored. MODEL_FORMAT when it is of another format or its parts do not fit each other. */
export async function loadTranslationModel(artifacts: ArtifactStore, ref: ArtifactRef): Promise<TranslationModelFile> {
  const manifest = await loadManifest(artifacts, ref);
  const [weights, subwords, aligner] = await Promise.all([
    artifacts.getBytes(manifest.weights),
    artifacts.getBytes(manifest.subwords),
    manifest.aligner ? artifacts.getBytes(manifest.aligner) : null,
  ]);
  const { shape, weights: arrays } = decodeWeights(weights);
  const vocabulary = Subwords.parse(new TextDecoder().decode(subwords));
  if (vocabulary.size !== shape.vocabulary)
    throw fault(`has weights for ${shape.vocabulary} subwords and a vocabulary of ${vocabulary.size}`);
  return {
    pairs: manifest.pairs,
    shape,
    weights: arrays,
    subwords: vocabulary,
    aligner: aligner && Aligner.fromBytes(aligner),
  };
}

/** Whether a model of this name translates. */
export function isTranslationModel(name: string): boolean {
  return pairOfName(name) !== null;
}

/** The pair of a model's name, `translation-en-pt-BR`: both parts are language tags, the second one begins in lower case. */
export function pairOfName(name: string): LanguagePair | null {
  const match =
    /^translation-([a-z]{2,3}(?:-[A-Z0-9][A-Za-z0-9]{1,7})*)-([a-z]{2,3}(?:-[A-Z0-9][A-Za-z0-9]{1,7})*)$/.exec(name);
  return match ? { source: match[1] as string, target: match[2] as string } : null;
}
