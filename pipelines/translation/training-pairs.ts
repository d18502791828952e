import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { type Neighbour, neighbours } from '../../domain/nlp/memory/index.ts';
import {
  type Aligner,
  Glossary,
  type MinedPair,
  mineTerms,
  type Term,
  type TextPair,
  withGlossary,
} from '../../domain/nlp/terminology/index.ts';
import type { LanguagePair } from '../../domain/nlp/translator/index.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** A pair with what could be shown beside its source: terms within it, and the most similar other pair. */
export interface TrainingPair extends MinedPair {
  /** Null when no other source is similar. */
  readonly neighbour: Neighbour | null;
}

/**
 * Finds in pairs themselves what terminology and a memory could say about them, and the terms of a glossary where the
 * translation follows them. Takes about 2 ms a pair.
 */
export function trainingPairs(
  pairs: readonly TextPair[],
  pair: LanguagePair,
  aligner: Aligner,
  terms: readonly Term[] = [],
): TrainingPair[] {
  const similar = neighbours(pairs);
  const mined = withGlossary(mineTerms(pairs, { ...pair, aligner }), new Glossary(terms, pair.source), pair.target);
  return mined.map((one, i) => ({ ...one, neighbour: similar[i] ?? null }));
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
