import { randomBytes } from 'node:crypto';
import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import { filesOf } from '../../domain/registry/files.ts';
import type { OpenApi } from '../api/support.ts';

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** A version of a translation model as its pipeline publishes it; its weights are random bytes. */
export async function publishTranslation(
  { database, artifacts }: Pick<OpenApi, 'database' | 'artifacts'>,
  { model = 'translation-en-de', runId = 'run-1', bleu = 30, weightBytes = 300_000, formatVersion = 1 } = {},
): Promise<ModelVersion> {
  const weights = await artifacts.putBytes(randomBytes(weightBytes));
  const tokenizer = await artifacts.putBytes(bytesOf({ tokens: ['a', 'b'] }));
  const manifest = { formatVersion, pairs: [{ source: 'en', target: 'de' }], shape: {}, weights, subwords: tokenizer };
  const artifact = await artifacts.putBytes(bytesOf(manifest));
  const field = { name: 'tokens', type: 'int32', shape: 'sentences × subwords', means: 'Ids of the tokenizer.' };
  return database.models.add({
    ...{ model, formatVersion, artifact, runId },
    files: filesOf({ model: artifact, weights, tokenizer }),
    signature: { inputs: [field], outputs: [field] },
    facts: {
      title: 'Translation from en to de',
      use: ['Translates sentences.'],
      limits: ['It sees one sentence at a time.'],
      metrics: { bleu: { title: 'BLEU', better: 'higher', digits: 2 } },
    },
    metrics: { bleu },
    lineage: {
      ...{ pipeline: 'translation', run: runId, step: 'publish' },
      code: { version: '1.0.0', commit: 'abc', steps: { publish: '2' } },
      data: [{ dataset: 'parallel/general', rows: 100, sha256: 'd'.repeat(64) }],
      params: { pair: 'en-de', seed: 1 },
    },
  });
}

/** Hashes of all artifacts in a folder, and what is on its way in. */
export function storedIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\/([0-9a-f]{2}|parts)$/.test(entry.parentPath))
    .map(({ name }) => name)
    .sort();
}

/** Makes an artifact older than what may still be on its way. */
export function ageArtifact(folder: string, { sha256 }: Pick<ArtifactRef, 'sha256'>): void {
  const then = new Date(Date.now() - 3 * 86_400_000);
  utimesSync(join(folder, sha256.slice(0, 2), sha256), then, then);
}
