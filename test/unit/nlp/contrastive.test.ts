import { describe, expect, it } from 'vitest';
import { hashedNgrams, normaliseText, silentHooks, tf, trainContrastive } from '../../../domain/nlp/index.ts';

const texts = [
  'red copper kettle',
  'copper pan',
  'blue linen towel',
  'linen sheet',
  'copper pot large',
  'linen bag',
  '',
];
const groups = { start: Int32Array.of(0, 2, 4, 6, 8), items: Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3) };
const options = { dimensions: 12, buckets: 512, epochs: 4, stepsPerEpoch: 12, batch: 8, seed: 2 };

const cosine = (v: Float32Array, a: number, b: number) => {
  let dot = 0;
  for (let k = 0; k < 12; k++) dot += (v[a * 12 + k] as number) * (v[b * 12 + k] as number);
  return dot;
};

describe('hashedNgrams', () => {
  it('ignores case, accents and punctuation, and stays within its bounds', () => {
    expect(normaliseText('  Café-Crème, 3 L!')).toBe('cafe creme 3 l');
    expect(hashedNgrams('CAFÉ', 100, 40)).toEqual(hashedNgrams('cafe', 100, 40));
    expect(hashedNgrams('', 100, 40)).toEqual([]);
    const ids = hashedNgrams('a rather long description of a product', 64, 10);
    expect(ids).toHaveLength(10);
    for (const id of ids) expect(id > 0 && id < 64).toBe(true);
  });
});

describe('trainContrastive', () => {
  it('brings texts of a group together, and texts that read alike but were never seen in one', async () => {
    const { vectors, loss } = await trainContrastive(texts, groups, options, silentHooks());
    expect(cosine(vectors, 0, 1)).toBeGreaterThan(cosine(vectors, 0, 3) + 0.3);
    expect(cosine(vectors, 4, 1)).toBeGreaterThan(cosine(vectors, 4, 3));
    expect(vectors.every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(loss)).toBe(true);
  });

  it('goes on from a checkpoint to the same bits, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const whole = await trainContrastive(texts, groups, options, silentHooks());
    const stop = new AbortController();
    let kept: Uint8Array | null = null;
    let saves = 0;
    const checkpoint = {
      load: async () => kept,
      save: async (bytes: Uint8Array) => {
        kept = bytes;
        if (++saves === 2) stop.abort();
      },
    };
    const cut = trainContrastive(texts, groups, options, { ...silentHooks(stop.signal), checkpoint });
    await expect(cut).rejects.toMatchObject({ code: 'CANCELLED' });
    const resumed = await trainContrastive(texts, groups, options, { ...silentHooks(), checkpoint });
    expect(resumed.vectors).toEqual(whole.vectors);
    expect(saves).toBe(4);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives vectors of the untrained n-grams when no group has two members', async () => {
    const alone = { start: Int32Array.of(0, 1), items: Int32Array.of(0) };
    const { vectors, loss } = await trainContrastive(texts, alone, options, silentHooks());
    expect(loss).toBeNaN();
    expect(cosine(vectors, 0, 4)).toBeGreaterThan(cosine(vectors, 0, 5));
  });
});
