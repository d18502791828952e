import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { fuzzyParts, neighbours } from '../../domain/nlp/memory/index.ts';
import type { Segment } from '../../domain/nlp/subwords/index.ts';
import { type Aligner, type MinedPair, mineTerms, type TextPair } from '../../domain/nlp/terminology/index.ts';
import type { LanguagePair } from '../../domain/nlp/translator/index.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** A pair with what could be shown beside its source: terms within it, and the translation of a similar source. */
export interface TrainingPair extends MinedPair {
  /** Parts of the input behind the source; absent when no other source is similar. */
  readonly fuzzy?: readonly Segment[];
}

/** Finds in pairs themselves what terminology and a memory could say about them. Takes about 2 ms a pair. */
export function trainingPairs(pairs: readonly TextPair[], pair: LanguagePair, aligner: Aligner): TrainingPair[] {
  const similar = neighbours(pairs);
  return mineTerms(pairs, { ...pair, aligner }).map((mined, i) => {
    const match = pairs[similar[i]?.index ?? -1];
    return match ? { ...mined, fuzzy: fuzzyParts(mined.source, match, pair, aligner) } : mined;
  });
}

/** Stores pairs: JSON, one a line, gzip. */
export async function storeTrainingPairs(
  pairs: readonly TrainingPair[],
  artifacts: ArtifactStore,
): Promise<ArtifactRef> {
  return artifacts.putBytes(await compress(pairs.map((pair) => JSON.stringify(pair)).join('\n')));
}

/** Loads what {@link storeTrainingPairs} stored. */
export async function loadTrainingPairs(ref: ArtifactRef, artifacts: ArtifactStore): Promise<TrainingPair[]> {
  const text = (await expand(await artifacts.getBytes(ref))).toString('utf8');
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as TrainingPair);
}
