import { describe, expect, it } from 'vitest';
import { ConfiguredModel } from '../../../../domain/nlp/translator/configured-model.ts';
import { letters } from '../../../support/dictionary-decoder.ts';

const pair = { source: 'en', target: 'de' };
const source = { ids: Int32Array.from([5, 6, 2]) };

/** A model whose decoder tells of its batches and answers at once. */
function open() {
  const batches: number[] = [];
  const beams: (number | undefined)[] = [];
  const shape = {
    vocabulary: 420,
    factors: 1,
    dimensions: 8,
    feedForward: 8,
    heads: 1,
    encoderLayers: 1,
    decoderLayers: 1,
  };
  const model = new ConfiguredModel(
    pair,
    {
      subwords: letters(),
      pairs: [pair],
      decoder: {
        shape,
        async translate(batch, { beam } = {}) {
          batches.push(batch.length);
          beams.push(beam);
          return batch.map(({ ids }) => [{ ids, score: 0, logProbability: 0, ended: true }]);
        },
        translateConstrained: () => Promise.reject(new Error('nothing asks for phrases here')),
      },
    },
    {},
  );
  return { model, batches, beams };
}

describe('a model in memory', () => {
  it('makes batches as each configuration says, apart from those of others', async () => {
    const { model, batches } = open();
    const defaults = model.by({ configuration: 0, settings: {} });
    const small = model.by({ configuration: 1, settings: { maxBatch: 2 } });
    expect(model.by({ configuration: 1, settings: { maxBatch: 2 } })).toBe(small);
    await defaults.search(Array(5).fill(source), {});
    expect(batches.splice(0)).toEqual([5]);
    await small.search(Array(5).fill(source), {});
    expect(batches.splice(0)).toEqual([2, 2, 1]);
    // Requests at the same time share batches within a configuration only.
    await Promise.all([defaults, small].flatMap((one) => [one.search([source], {}), one.search([source], {})]));
    expect(batches.sort()).toEqual([2, 2]);
  });

  it('lets sentences wait for company as long as a configuration says', async () => {
    const { model } = open();
    const msOf = async (batchWindowMs: number): Promise<number> => {
      const served = model.by({ configuration: 1 + batchWindowMs, settings: { batchWindowMs } });
      const began = performance.now();
      await served.search([source], {});
      return performance.now() - began;
    };
    expect(await msOf(300)).toBeGreaterThan(290);
    expect(await msOf(0)).toBeLessThan(290);
  });

  it('is warm for a configuration once its search has run, which is done once', async () => {
    const { model, beams } = open();
    const wide = { configuration: 1, settings: { beam: 4 } };
    for (const known of [wide, wide, { configuration: 2, settings: { beam: 4, maxBatch: 8 } }])
      await model.warmUp(known);
    expect(beams).toEqual([4]);
    await model.by(wide).search([source], { beam: 4 });
    expect(beams).toEqual([4, 4]);
  });

  it('tells of the batches of each configuration apart', async () => {
    const { model } = open();
    const told: string[] = [];
    for (const configuration of [0, 3]) {
      const served = model.by({ configuration, settings: {} });
      served.onBatch = ({ items }) => told.push(`${configuration}: ${items}`);
    }
    await model.by({ configuration: 3, settings: {} }).search([source], {});
    await model.by({ configuration: 0, settings: {} }).search([source, source], {});
    expect(told).toEqual(['3: 1', '0: 2']);
  });
});
