import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import { input, optionalInput } from '../../domain/dag/step-inputs.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import {
  decodeClosedForm,
  decodeProductVectors,
  decodeRanker,
  type RecommendModel,
} from '../../domain/recommend/index.ts';
import { RankerOutput, VectorsOutput } from './outputs.ts';

/** Version of the form in which the offers model is stored. Version 1 knew the boosted kind only and did not name it. */
export const formatVersion = 2;

/** What a model of next products is made of. */
type ModelParts =
  | { readonly kind: 'boosted'; readonly vectors: ArtifactRef; readonly ranker: ArtifactRef }
  | { readonly kind: 'closed-form'; readonly closedForm: ArtifactRef };

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
export function storeModel(artifacts: ArtifactStore, parts: ModelParts): Promise<ArtifactRef> {
  return artifacts.putBytes(new TextEncoder().encode(JSON.stringify({ formatVersion, ...parts })));
}

/** Loads what {@link storeModel} stored. MODEL_FORMAT when it is of another format. */
export async function loadModel(artifacts: ArtifactStore, ref: ArtifactRef): Promise<RecommendModel> {
  const manifest = JSON.parse(new TextDecoder().decode(await artifacts.getBytes(ref))) as ModelParts & {
    readonly formatVersion: number;
  };
  if (manifest.formatVersion === 1) return loadParts(artifacts, { ...manifest, kind: 'boosted' } as ModelParts);
  if (manifest.formatVersion === formatVersion) return loadParts(artifacts, manifest);
  throw new PerennialError(
    'MODEL_FORMAT',
    `The model has format ${manifest.formatVersion}; this code reads formats up to ${formatVersion}.`,
    {
      remedy: 'Train again with this code, or serve it with the code that made it.',
    },
  );
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
