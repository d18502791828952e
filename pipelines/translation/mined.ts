import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { MinedPair } from '../../domain/nlp/terminology/index.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** Stores pairs with their candidate terms: JSON, one pair a line, gzip. */
export async function storeMined(pairs: readonly MinedPair[], artifacts: ArtifactStore): Promise<ArtifactRef> {
  return artifacts.putBytes(await compress(pairs.map((pair) => JSON.stringify(pair)).join('\n')));
}

/** Loads what {@link storeMined} stored. */
export async function loadMined(ref: ArtifactRef, artifacts: ArtifactStore): Promise<MinedPair[]> {
  const text = (await expand(await artifacts.getBytes(ref))).toString('utf8');
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as MinedPair);
}
