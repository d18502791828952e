import { describe, expect, it } from 'vitest';
import { Random } from '../../../domain/nlp/random.ts';
import { sampleTruth, silentHooks, trainProductVectors, truthOf } from '../../../domain/recommend/index.ts';
import { collectLists } from '../../../domain/recommend/windows.ts';
import { plantedSales } from './sales.ts';

const sales = plantedSales({ customers: 120 });

describe('where there are more customers than a figure or a model needs', () => {
  it('judges by some of them, drawn by chance, with all they bought', () => {
    const whole = truthOf(sales, 15080, 15111);
    const some = sampleTruth(whole, 30, new Random(1));
    expect(some.all.size).toBe(30);
    for (const [customer, products] of some.all) {
      expect(products).toEqual(whole.all.get(customer));
      expect(some.fresh.get(customer)).toEqual(whole.fresh.get(customer));
    }
    expect([...sampleTruth(whole, 30, new Random(1)).all.keys()]).toEqual([...some.all.keys()]);
    expect([...sampleTruth(whole, 30, new Random(2)).all.keys()]).not.toEqual([...some.all.keys()]);
    expect(sampleTruth(whole, 1000, new Random(1)).all).toEqual(whole.all);
  });

  it('learns from so many customers of each window', async () => {
    const vectors = await trainProductVectors(sales, { epochs: 1, stepsPerEpoch: 2 }, silentHooks());
    const options = { windows: 2, asOfDay: 15089, customersPerWindow: 25, seed: 3 };
    const { all } = await collectLists(sales, vectors, options, silentHooks());
    expect(all.start.length - 1).toBeLessThanOrEqual(50);
    expect(all.start.length - 1).toBeGreaterThan(30);
  });
});
