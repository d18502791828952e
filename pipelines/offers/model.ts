import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import {
  decodeProductVectors,
  decodeRanker,
  type Forecast,
  type ProductVectors,
  type Ranker,
  type ScoreLevels,
} from '../../domain/recommend/index.ts';

/** Version of the form in which the offers model is stored: since 2 it says what its lists are worth. */
export const formatVersion = 2;

export interface OffersModel {
  readonly vectors: ProductVectors;
  readonly ranker: Ranker;
  readonly forecast: Forecast;
  /** Of its scores: {@link forecast} reads how far above them a product stands. */
  readonly levels: ScoreLevels;
}

/** Whether a version can be used for the lists of a day: this code reads it, and all it has seen lies before `asOf`. */
export function isUsable({ formatVersion: format, lineage }: ModelVersion, asOf: string): boolean {
  return format === formatVersion && String(lineage['asOf'] ?? '') <= asOf;
}

/** Stores a model as one artifact that names its parts. */
export function storeModel(
  artifacts: ArtifactStore,
  parts: { vectors: ArtifactRef; ranker: ArtifactRef } & Pick<OffersModel, 'forecast' | 'levels'>,
): Promise<ArtifactRef> {
  return artifacts.putBytes(new TextEncoder().encode(JSON.stringify({ formatVersion, ...parts })));
}

/** Loads what {@link storeModel} stored. MODEL_FORMAT when it is of another format. */
export async function loadModel(artifacts: ArtifactStore, ref: ArtifactRef): Promise<OffersModel> {
  const manifest = JSON.parse(new TextDecoder().decode(await artifacts.getBytes(ref))) as {
    formatVersion: number;
    vectors: ArtifactRef;
    ranker: ArtifactRef;
    forecast: Forecast;
    levels: ScoreLevels;
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
    forecast: manifest.forecast,
    levels: manifest.levels,
  };
}
