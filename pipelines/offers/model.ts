import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import { input, optionalInput } from '../../domain/dag/step-inputs.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import {
  decodeClosedForm,
  decodeProductVectors,
  decodeRanker,
  type Forecast,
  type RecommendModel,
  type ScoreLevels,
} from '../../domain/recommend/index.ts';
import { isUsableOn } from '../../domain/registry/usable.ts';
import { RankerOutput, VectorsOutput } from './outputs.ts';

/** Version of the form in which the offers model is stored: since 2 it names its kind and says what its lists are worth. */
export const formatVersion = 2;

/** What a model of next products is made of. */
type ModelParts =
  | { readonly kind: 'boosted'; readonly vectors: ArtifactRef; readonly ranker: ArtifactRef }
  | { readonly kind: 'closed-form'; readonly closedForm: ArtifactRef };

/** A model, with what its lists are worth. */
export interface OffersModel {
  readonly model: RecommendModel;
  readonly forecast: Forecast;
  /** Of the scores of the model itself: the forecast is learned with those of its twin, which was judged. */
  readonly levels: ScoreLevels;
}

/** Whether a version can be used for the lists of a day: this code reads it, and all it has seen lies before `asOf`. */
export const isUsable = (version: ModelVersion, asOf: string): boolean => isUsableOn(version, formatVersion, asOf);

/** What two training steps made: without product vectors it is the closed form. */
export function trainedParts(
  inputs: Readonly<Record<string, Json>>,
  representStep: string,
  trainStep: string,
): ModelParts {
  const { ranker } = input(inputs, trainStep, RankerOutput);
  const represented = optionalInput(inputs, representStep, VectorsOutput);
  return represented
    ? { kind: 'boosted', vectors: represented.vectors, ranker }
    : { kind: 'closed-form', closedForm: ranker };
}

/** Stores a model as one artifact that names its parts. */
export function storeModel(
  artifacts: ArtifactStore,
  parts: ModelParts,
  worth: Omit<OffersModel, 'model'>,
): Promise<ArtifactRef> {
  return artifacts.putBytes(new TextEncoder().encode(JSON.stringify({ formatVersion, ...parts, ...worth })));
}

/** Loads what {@link storeModel} stored. MODEL_FORMAT when it is of another format. */
export async function loadModel(artifacts: ArtifactStore, ref: ArtifactRef): Promise<OffersModel> {
  const { forecast, levels, ...manifest } = await loadManifest(artifacts, ref);
  return { model: await loadParts(artifacts, manifest), forecast, levels };
}

/** The files that a stored model names. MODEL_FORMAT when it is of another format. */
export async function partsOf(artifacts: Pick<ArtifactStore, 'getBytes'>, ref: ArtifactRef): Promise<ArtifactRef[]> {
  return Object.values(namedParts(await loadManifest(artifacts, ref)));
}

/** The files of a model by their names in the registry. */
export function namedParts(parts: ModelParts): Record<string, ArtifactRef> {
  return parts.kind === 'boosted'
    ? { 'product-vectors': parts.vectors, ranker: parts.ranker }
    : { 'closed-form': parts.closedForm };
}

interface Worth {
  readonly formatVersion: number;
  readonly forecast: Forecast;
  readonly levels: ScoreLevels;
}

async function loadManifest(artifacts: Pick<ArtifactStore, 'getBytes'>, ref: ArtifactRef): Promise<ModelParts & Worth> {
  const manifest = JSON.parse(new TextDecoder().decode(await artifacts.getBytes(ref))) as ModelParts & Worth;
  if (manifest.formatVersion !== formatVersion) {
    throw new PerennialError(
      'MODEL_FORMAT',
      `The model has format ${manifest.formatVersion}; this code reads format ${formatVersion}.`,
      {
        remedy: 'Train again with this code, or serve it with the code that made it.',
      },
    );
  }
  return manifest;
}

/** Loads the parts of a model. MODEL_FORMAT when one is of another format. */
export async function loadParts(artifacts: ArtifactStore, parts: ModelParts): Promise<RecommendModel> {
  const { kind } = parts;
  if (kind === 'closed-form') return { kind, closedForm: decodeClosedForm(await artifacts.getBytes(parts.closedForm)) };
  return {
    kind,
    vectors: decodeProductVectors(await artifacts.getBytes(parts.vectors)),
    ranker: decodeRanker(await artifacts.getBytes(parts.ranker)),
  };
}
