import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import type { ModelRepository } from '../../domain/ports/models.ts';
import { decodeProductVectors, decodeRanker, type ProductVectors, type Ranker } from '../../domain/recommend/index.ts';
import { offersModel } from './datasets.ts';

/** Version of the form in which the offers model is stored. */
export const formatVersion = 1;

export interface OffersModel {
  readonly vectors: ProductVectors;
  readonly ranker: Ranker;
}

/** Stores a model as one artifact that names its parts. */
export function storeModel(
  artifacts: ArtifactStore,
  parts: { vectors: ArtifactRef; ranker: ArtifactRef },
): Promise<ArtifactRef> {
  return artifacts.putBytes(new TextEncoder().encode(JSON.stringify({ formatVersion, ...parts })));
}

/** Loads what {@link storeModel} stored. MODEL_FORMAT when it is of another format. */
export async function loadModel(artifacts: ArtifactStore, ref: ArtifactRef): Promise<OffersModel> {
  const manifest = JSON.parse(new TextDecoder().decode(await artifacts.getBytes(ref))) as {
    formatVersion: number;
    vectors: ArtifactRef;
    ranker: ArtifactRef;
  };
  if (manifest.formatVersion !== formatVersion) {
    throw new PerennialError(
      'MODEL_FORMAT',
      `The model has format ${manifest.formatVersion}; this code reads format ${formatVersion}.`,
      {
        remedy: 'Train again with this code, or serve it with the code that made it.',
      },
    );
  }
  return {
    vectors: decodeProductVectors(await artifacts.getBytes(manifest.vectors)),
    ranker: decodeRanker(await artifacts.getBytes(manifest.ranker)),
  };
}

/**
 * The champion to compare a new model with; null when there is none, or one of an older format, of which `warn` is told:
 * it cannot be compared with, and without this no model of the new format could ever take its place.
 */
export async function loadChampion(
  { models, artifacts }: { readonly models: Pick<ModelRepository, 'byAlias'>; readonly artifacts: ArtifactStore },
  warn: (message: string) => void,
): Promise<OffersModel | null> {
  const champion = await models.byAlias(offersModel, 'champion');
  if (champion === null) return null;
  try {
    return await loadModel(artifacts, champion.artifact);
  } catch (error) {
    if (!(error instanceof PerennialError) || error.code !== 'MODEL_FORMAT') throw error;
    warn(`Champion version ${champion.version} is not compared with: ${error.message}`);
    return null;
  }
}
