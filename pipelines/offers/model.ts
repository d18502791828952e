import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import { decodeProductVectors, decodeRanker, type ProductVectors, type Ranker } from '../../domain/recommend/index.ts';

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
