import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeTinyModel, type TinyModel, trainTinyModel } from '../../../../bench/tiny-translation-model.ts';
import type { ModelVersion } from '../../../../contracts/models.ts';
import { Aligner, alignable } from '../../../../domain/nlp/terminology/index.ts';
import { TranslationModels, translateTexts } from '../../../../domain/nlp/translator/index.ts';
import type { ArtifactStore } from '../../../../domain/ports/artifacts.ts';
import type { ModelRepository } from '../../../../domain/ports/models.ts';
import { SessionThreads } from '../../../../domain/serving/index.ts';
import { fileArtifactStore } from '../../../../storage/artifacts/file.ts';
import { modelVersion } from '../../../support/models.ts';

const folder = mkdtempSync(join(tmpdir(), 'models-'));
const threads = new SessionThreads(1);
let tiny: TinyModel;
let stored: ArtifactStore;
beforeAll(async () => {
  tiny = await trainTinyModel();
  stored = fileArtifactStore(folder);
});
afterAll(async () => {
  await threads.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A registry in memory; every version is the tiny model with other bytes. */
async function registry() {
  const versions: ModelVersion[] = [];
  const aliases = new Map<string, number>();
  let looks = 0;
  const models: Pick<ModelRepository, 'list' | 'get' | 'byAlias'> = {
    list: async () => versions.map((v) => ({ ...v, aliases: aliases.get(v.model) === v.version ? ['champion'] : [] })),
    get: async (model, version) => versions.find((v) => v.model === model && v.version === version) ?? null,
    byAlias: async (model) => {
      looks++;
      return versions.find((v) => v.model === model && v.version === aliases.get(model)) ?? null;
    },
  };
  const add = async (model: string, change = 1, aligner?: Aligner) => {
    const weights = {
      ...tiny.weights,
      'decoder.norm.bias': (tiny.weights['decoder.norm.bias'] as Float32Array).map((x) => x + change * 1e-6),
    };
    const artifact = await storeTinyModel(stored, { ...tiny, weights }, aligner);
    const version = versions.filter((v) => v.model === model).length + 1;
    versions.push(modelVersion({ model, version, artifact }));
    return version;
  };
  return {
    models: models as ModelRepository,
    add,
    promote: (model: string, version: number) => aliases.set(model, version),
    looks: () => looks,
  };
}

function open(models: ModelRepository, options: { artifacts?: ArtifactStore; limit?: number } = {}) {
  let now = 0;
  const failures: string[] = [];
  const pool = new TranslationModels({
    models,
    artifacts: options.artifacts ?? stored,
    threads: () => threads,
    clock: { now: () => new Date(now) },
    limit: options.limit ?? 1e9,
    refreshMs: 1000,
    onFailure: (name) => failures.push(name),
  });
  return {
    pool,
    failures,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

const pair = { source: 'en', target: 'de' };

describe('TranslationModels', () => {
  it('loads a model once for all who ask at the same time', async () => {
    const { models, add, promote } = await registry();
    promote('translation-en-de', await add('translation-en-de'));
    let reads = 0;
    const { pool } = open(models, {
      artifacts: {
        ...stored,
        getBytes: (ref) => {
          reads++;
          return stored.getBytes(ref);
        },
      },
    });
    const leases = await Promise.all(Array.from({ length: 20 }, () => pool.acquire(pair)));
    // Once the manifest for its size, then manifest, weights and subwords.
    expect(reads).toBe(4);
    expect(new Set(leases.map(({ served }) => served)).size).toBe(1);
    const [done] = await translateTexts(leases[0]!.served, ['The red car is old.']);
    expect(done?.text).toBe('Das rot Wagen ist alt.');
    for (const lease of leases) lease.release();
    await pool.close();
  });

  it('goes on with the old champion until the new one is loaded, and looks every few seconds only', async () => {
    const { models, add, promote, looks } = await registry();
    promote('translation-en-de', await add('translation-en-de'));
    let letGo = () => {};
    let hold: Promise<void> | null = null;
    const { pool, pass } = open(models, {
      artifacts: {
        ...stored,
        getBytes: async (ref) => {
          await hold;
          return stored.getBytes(ref);
        },
      },
    });
    const version = async () => {
      const model = await pool.acquire(pair);
      model.release();
      return model.version;
    };
    expect(await version()).toBe(1);
    promote('translation-en-de', await add('translation-en-de', 2));
    expect([await version(), await version(), looks()]).toEqual([1, 1, 1]);
    hold = new Promise((resolve) => {
      letGo = resolve;
    });
    pass(1000);
    expect([await version(), await version()]).toEqual([1, 1]);
    letGo();
    await expect.poll(version).toBe(2);
    expect(looks()).toBe(2);
    await pool.close();
  });

  it('keeps the old champion when the new one cannot be loaded, and says so', async () => {
    const { models, add, promote } = await registry();
    promote('translation-en-de', await add('translation-en-de'));
    let broken = false;
    const { pool, pass, failures } = open(models, {
      artifacts: { ...stored, getBytes: (ref) => (broken ? Promise.reject(new Error('gone')) : stored.getBytes(ref)) },
    });
    (await pool.acquire(pair)).release();
    promote('translation-en-de', await add('translation-en-de', 3));
    broken = true;
    pass(1000);
    (await pool.acquire(pair)).release();
    await expect.poll(() => failures).toEqual(['translation-en-de']);
    const still = await pool.acquire(pair);
    expect(still.version).toBe(1);
    still.release();
    await pool.close();
  });

  it('holds as many models as fit, and loads the others again when they are asked for', async () => {
    const { models, add, promote } = await registry();
    for (const name of ['translation-en-de', 'translation-en-fr', 'translation-en-it']) promote(name, await add(name));
    const first = open(models);
    const one = await first.pool.acquire(pair);
    one.release();
    const size = first.pool.bytes;
    await first.pool.close();
    expect(first.pool.bytes).toBe(0);
    const { pool } = open(models, { limit: 2.5 * size });
    for (const target of ['de', 'fr', 'it', 'de']) {
      const model = await pool.acquire({ source: 'en', target });
      const [done] = await translateTexts(model.served, ['The key is new.']);
      expect(done?.text).toBe('Das Schlüssel ist neu.');
      model.release();
      expect(pool.bytes).toBeLessThanOrEqual(2.5 * size);
    }
    expect(pool.bytes).toBeGreaterThan(1.5 * size);
    await pool.close();
    const tight = open(models, { limit: 10_000 });
    await expect(tight.pool.acquire(pair)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('serve the word aligner they were stored with, whose memory counts, and do without where there is none', async () => {
    const { models, add } = await registry();
    const world = [
      { source: 'The car', target: 'Das Wagen' },
      { source: 'The door', target: 'Das Tür' },
      { source: 'old car', target: 'alt Wagen' },
    ];
    const aligner = Aligner.train(world.map((texts) => alignable(texts, pair)));
    const [without, versionWith] = [await add('translation-en-de'), await add('translation-en-de', 1, aligner)];
    const { pool } = open(models);
    const plain = await pool.acquire(pair, String(without));
    const bytes = pool.bytes;
    const aligned = await pool.acquire(pair, String(versionWith));
    expect(pool.bytes - 2 * bytes).toBe(Aligner.fromBytes(aligner.toBytes()).bytes);
    expect(plain.served.align).toBeNull();
    expect(aligned.served.align?.({ source: 'the door', target: 'Tür das' })).toEqual([
      [0, 1],
      [1, 0],
    ]);
    for (const { served, release } of [plain, aligned]) {
      const [done] = await translateTexts(served, ['The car is old.']);
      expect(done?.text).toBe('Das Wagen ist alt.');
      release();
    }
    await pool.close();
  });

  it('serves regions by the model of the language, and versions by their number', async () => {
    const { models, add, promote } = await registry();
    promote('translation-en-de', await add('translation-en-de'));
    await add('translation-en-de', 2);
    const { pool } = open(models);
    const regional = await pool.acquire({ source: 'en-US', target: 'de-AT' });
    const second = await pool.acquire(pair, '2');
    expect([regional.name, regional.version, second.version]).toEqual(['translation-en-de', 1, 2]);
    regional.release();
    second.release();
    await expect(pool.acquire({ source: 'de', target: 'en' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await pool.close();
  });
});
