import { expect, it } from 'vitest';
import type { ArtifactRef } from '../../../contracts/artifacts.ts';
import type { ModelVersion } from '../../../contracts/models.ts';
import type { ArtifactStore } from '../../../domain/ports/artifacts.ts';
import type { ModelRepository } from '../../../domain/ports/models.ts';
import { loadChampion } from '../../../domain/registry/champion.ts';
import { loadModel } from '../../../pipelines/offers/model.ts';

const artifact: ArtifactRef = { sha256: 'a'.repeat(64), bytes: 1, uri: 'file:///champion' };

function stored(manifest: string | Error) {
  const artifacts = {
    getBytes: async () => {
      if (manifest instanceof Error) throw manifest;
      return new TextEncoder().encode(manifest);
    },
  } as unknown as ArtifactStore;
  const models = { byAlias: async () => ({ version: 3, artifact }) as ModelVersion };
  return { models, artifacts };
}

function load(
  { models, artifacts }: { models: Pick<ModelRepository, 'byAlias'>; artifacts: ArtifactStore },
  warn: (message: string) => void,
) {
  return loadChampion(models, 'offers-next-products', (ref) => loadModel(artifacts, ref), warn);
}

it('of a champion of an older format there is no model to compare with, and the log says so', async () => {
  const told: string[] = [];
  expect(await load(stored('{"formatVersion":0}'), (message) => told.push(message))).toEqual({
    version: 3,
    model: null,
  });
  expect(told).toEqual([expect.stringMatching(/Champion version 3 is not compared with: .*format 0/)]);
});

it('none is none; one that cannot be fetched is an error', async () => {
  const warn = () => expect.unreachable();
  const { artifacts } = stored('');
  expect(await load({ models: { byAlias: async () => null }, artifacts }, warn)).toBeNull();
  await expect(load(stored(new Error('The disk is gone')), warn)).rejects.toThrow('The disk is gone');
});
