import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainHooks } from '../../../domain/nlp/hooks.ts';
import { packBytes, unpackBytes } from '../../../domain/nlp/pack.ts';
import { Random } from '../../../domain/nlp/random.ts';
import { featureCount } from '../../../domain/recommend/features.ts';
import { decodeRanker, encodeRanker, silentHooks } from '../../../domain/recommend/index.ts';
import { fitRanker } from '../../../domain/recommend/ranker.ts';
import type { RankingLists } from '../../../domain/recommend/windows.ts';
import { dyingHooks } from '../boosting/planted.ts';

/** Lists of 20 candidates of which the 3 of highest first feature were bought. */
function lists(count: number, seed: number): RankingLists {
  const length = 20;
  const random = new Random(seed);
  const features = Float32Array.from({ length: count * length * featureCount }, () => random.next());
  const label = new Uint8Array(count * length);
  for (let l = 0; l < count; l++) {
    const rows = Array.from({ length }, (_, i) => l * length + i);
    rows.sort((a, b) => features[b * featureCount]! - features[a * featureCount]!);
    for (const row of rows.slice(0, 3)) label[row] = 1;
  }
  return { start: Int32Array.from({ length: count + 1 }, (_, l) => l * length), features, label };
}

const data = { all: lists(60, 1), fresh: lists(40, 2), asOfDay: 15000 };
const head = { rounds: 12, checkpointEvery: 5 };
const options = { seed: 3, all: head, fresh: head };

describe('the ranker', () => {
  let whole: Uint8Array;
  beforeAll(async () => {
    whole = encodeRanker(await fitRanker(data, options, silentHooks()));
  });

  // Two checkpoints while the first head is trained, one when it is done, two while the second is.
  it.each([
    [1, 6],
    [2, 11],
    [3, 13],
    [4, 18],
    [5, 23],
  ])('goes on from checkpoint %i to the bit, at tree %i of both heads', async (saves, next) => {
    const { hooks } = dyingHooks(saves);
    await expect(fitRanker(data, options, hooks)).rejects.toThrow('the process died');
    const seen: [number, number, string][] = [];
    const watching: TrainHooks = { ...hooks, progress: (...report) => seen.push(report) };
    expect(encodeRanker(await fitRanker(data, options, watching))).toEqual(whole);
    expect(seen[0]).toEqual([next, 24, 'trees']);
    expect(seen.at(-1)).toEqual([24, 24, 'trees']);
  });

  it('begins anew when the checkpoint is of other data', async () => {
    const { hooks } = dyingHooks(4);
    await expect(fitRanker({ ...data, asOfDay: 14000 }, options, hooks)).rejects.toThrow('the process died');
    expect(encodeRanker(await fitRanker(data, options, hooks))).toEqual(whole);
  });

  it('refuses models of another version with what to do', () => {
    const { meta, arrays } = unpackBytes(whole, 'ranker', 2);
    const old = packBytes({ kind: 'ranker', version: 1, meta, arrays });
    expect(() => decodeRanker(old)).toThrow(
      expect.objectContaining({ code: 'MODEL_FORMAT', remedy: expect.stringContaining('Train the model again') }),
    );
    expect(encodeRanker(decodeRanker(whole))).toEqual(whole);
  });

  it('stops with CANCELLED soon after an abort', async () => {
    const stop = new AbortController();
    let aborted = 0;
    const hooks: TrainHooks = {
      ...silentHooks(stop.signal),
      progress(done) {
        if (done !== 2) return;
        aborted = performance.now();
        stop.abort();
      },
    };
    await expect(fitRanker(data, { seed: 3, all: { rounds: 100_000 } }, hooks)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(performance.now() - aborted).toBeLessThan(100);
  });
});
