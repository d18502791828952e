import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readGapWorld } from '../../../bench/gap-world.ts';
import { encodeGap, trainGap } from '../../../domain/assortment-gap/index.ts';
import { silentHooks, type TrainHooks } from '../../../domain/nlp/index.ts';
import { duckdbEngine } from '../../../engines/duckdb/engine.ts';
import { generateDemo } from '../../../pipelines/offers/demo/index.ts';

it('goes on from its checkpoint in whatever round it was interrupted, and ends with the same model', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'perennial-gap-'));
  try {
    await generateDemo({ customers: 140, products: 40, days: 90, markets: 2, texts: 'hard', out: folder });
    const { assortment, texts } = await readGapWorld(folder, duckdbEngine({}));
    const train = (hooks: TrainHooks) =>
      trainGap(assortment, texts, { seed: 1, steps: 120, rounds: 2, dimensions: 16 }, hooks);
    const whole = encodeGap(await train(silentHooks()));

    let saved: Uint8Array | null = null;
    let total = 0;
    const checkpoint = {
      load: async () => saved,
      save: async (bytes: Uint8Array) => {
        saved = bytes.slice();
      },
    };
    for (const until of [110, 235]) {
      const stop = new AbortController();
      const hooks: TrainHooks = {
        ...silentHooks(stop.signal),
        checkpoint,
        progress: (done, of, unit) => {
          if (unit !== 'steps') return;
          total = of;
          if (done >= until) stop.abort();
        },
      };
      await expect(train(hooks)).rejects.toMatchObject({ code: 'CANCELLED' });
    }
    expect(total).toBe(360);
    let first = 0;
    const last = await train({
      ...silentHooks(),
      checkpoint,
      progress: (done, _, unit) => {
        if (unit === 'steps') first ||= done;
      },
    });
    expect(first).toBeGreaterThan(200);
    expect(encodeGap(last)).toEqual(whole);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 240_000);
