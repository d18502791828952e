import { beforeAll, describe, expect, it } from 'vitest';
import { PerennialError } from '../../../contracts/errors.ts';
import {
  decodeProductVectors,
  decodeRanker,
  encodeProductVectors,
  encodeRanker,
  evaluate,
  listsOf,
  type ProductVectors,
  popularity,
  type Ranker,
  type RecommendOptions,
  recommend,
  recommendBothBy,
  type SalesTable,
  silentHooks,
  trainProductVectors,
  trainRanker,
  truthOf,
} from '../../../domain/recommend/index.ts';
import { plantedSales, salesBefore } from './sales.ts';

const asOfDay = 15089;
const quick = { dimensions: 16, buckets: 1024, epochs: 3, stepsPerEpoch: 15, batch: 128, seed: 5 };
const small = { windows: 2, seed: 5, asOfDay };

async function train(sales: SalesTable): Promise<{ vectors: ProductVectors; ranker: Ranker }> {
  const vectors = await trainProductVectors(sales, { ...quick, beforeDay: asOfDay }, silentHooks());
  return { vectors, ranker: await trainRanker(sales, vectors, small, silentHooks()) };
}

const everyone = (sales: SalesTable, newOnly: boolean): RecommendOptions => ({
  asOfDay,
  customers: Int32Array.from(sales.customers.keys()),
  topK: 10,
  newOnly,
});

describe('on planted tastes', () => {
  const sales = plantedSales({ customers: 120 });
  let model: { vectors: ProductVectors; ranker: Ranker };
  beforeAll(async () => {
    model = await train(sales);
  }, 60_000);

  it('finds new products of the liked families far better than popularity does', () => {
    const { fresh } = truthOf(sales, asOfDay, asOfDay + 31);
    const lists = listsOf(recommend(sales, model.vectors, model.ranker, everyone(sales, true)));
    const ours = evaluate(lists, fresh).ndcg;
    expect(ours).toBeGreaterThan(1.5 * evaluate(popularity(sales, asOfDay, fresh.keys(), 10, true), fresh).ndcg);
  });

  it('lists each product once, best first, new ones only when asked, with a reason for each', () => {
    for (const newOnly of [false, true]) {
      const found = recommend(sales, model.vectors, model.ranker, everyone(sales, newOnly));
      for (const [, list] of listsOf(found)) expect(new Set(list).size).toBe(list.length);
      found.forEach((r, i) => {
        const next = found[i + 1];
        if (next?.customer === r.customer) expect(r.score).toBeGreaterThanOrEqual(next.score);
        expect(r.reason.length).toBeGreaterThan(10);
        if (newOnly) expect(r.isNew).toBe(true);
      });
    }
  });

  it('reads nothing of asOf or later', async () => {
    const cut = salesBefore(sales, asOfDay);
    const again = await train(cut);
    expect(encodeRanker(again.ranker)).toEqual(encodeRanker(model.ranker));
    expect(recommend(cut, again.vectors, again.ranker, everyone(cut, false))).toEqual(
      recommend(sales, model.vectors, model.ranker, everyone(sales, false)),
    );
  }, 60_000);

  it('gives the same lists after being stored and read', () => {
    const vectors = decodeProductVectors(encodeProductVectors(model.vectors));
    const ranker = decodeRanker(encodeRanker(model.ranker));
    expect(recommend(sales, vectors, ranker, everyone(sales, false))).toEqual(
      recommend(sales, model.vectors, model.ranker, everyone(sales, false)),
    );
  });

  it('scores customers and products that came after training', () => {
    const later: SalesTable = {
      ...sales,
      customers: [...sales.customers, 'NEW'],
      marketOf: Int32Array.from([...sales.marketOf, 1]),
      products: [...sales.products, 'P-NEW'],
      descriptions: [...sales.descriptions, ''],
    };
    const customers = Int32Array.of(sales.customers.length);
    const found = recommend(later, model.vectors, model.ranker, { ...everyone(later, false), customers });
    expect(found).toHaveLength(10);
    expect(found.every((r) => r.isNew)).toBe(true);
  });

  it('makes both lists of a customer as it makes each of them', () => {
    // So many products that there are enough new ones without filling up, and so few that there are not.
    for (const own of [plantedSales({ customers: 60, products: 300 }), sales]) {
      const { vectors, ranker } = model;
      const options = everyone(own, true);
      const both = recommendBothBy(own, { kind: 'boosted', vectors, ranker }, options);
      expect(both.fresh).toEqual(recommend(own, vectors, ranker, options));
      expect(both.all).toEqual(recommend(own, vectors, ranker, everyone(own, false)));
    }
  });

  it('refuses bytes that are no model', () => {
    for (const bytes of [
      new Uint8Array(3),
      new TextEncoder().encode('not a model at all'),
      encodeRanker(model.ranker).slice(0, 900),
    ]) {
      expect(() => decodeRanker(bytes)).toThrow(expect.objectContaining({ code: 'MODEL_FORMAT' }));
    }
    expect(() => decodeRanker(encodeProductVectors(model.vectors))).toThrow(/hold a product-vectors/);
  });
});

describe('edges', () => {
  it('works with one market, empty descriptions and a month of history', async () => {
    const base = salesBefore(plantedSales({ customers: 25, products: 30, days: 100, markets: 1 }), 15060);
    const sales = { ...base, descriptions: base.descriptions.map((text, i) => (i % 2 ? '' : text)) };
    const vectors = await trainProductVectors(sales, quick, silentHooks());
    const ranker = await trainRanker(sales, vectors, { ...small, asOfDay: 15060 }, silentHooks());
    const found = recommend(sales, vectors, ranker, { ...everyone(sales, true), asOfDay: 15060 });
    expect(found.every((r) => Number.isFinite(r.score))).toBe(true);
  }, 60_000);

  it('says DATA_MISSING when no window has a returning customer', async () => {
    const sales = salesBefore(plantedSales(), 15010);
    const vectors = await trainProductVectors(sales, quick, silentHooks());
    await expect(trainRanker(sales, vectors, { ...small, asOfDay: 15010 }, silentHooks())).rejects.toMatchObject({
      code: 'DATA_MISSING',
    });
  });

  it('says DATA_MISSING without any product', async () => {
    const sales = { ...salesBefore(plantedSales(), 0), products: [], descriptions: [] };
    await expect(trainProductVectors(sales, quick, silentHooks())).rejects.toBeInstanceOf(PerennialError);
  });

  it('stops training within a second of the abort', async () => {
    const sales = plantedSales();
    const stop = new AbortController();
    const started = performance.now();
    let aborted = started;
    setTimeout(() => {
      aborted = performance.now();
      stop.abort();
    }, 300);
    const long = { ...quick, epochs: 1000 };
    await expect(trainProductVectors(sales, long, silentHooks(stop.signal))).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(performance.now() - aborted).toBeLessThan(1000);
  });
});
