import { describe, expect, it } from 'vitest';
import {
  evaluate,
  evaluateByMarket,
  pairedBootstrap,
  personalFrequency,
  popularity,
  truthOf,
} from '../../../domain/recommend/index.ts';
import { plantedSales } from './sales.ts';

describe('evaluate', () => {
  it('follows the formulas of NDCG, recall and hit, and counts a missing list as 0', () => {
    const truth = new Map([
      [1, new Set([10, 11, 12])],
      [2, new Set([10])],
    ]);
    const scores = evaluate(new Map([[1, [10, 99, 12]]]), truth);
    const ideal = 1 + 1 / Math.log2(3) + 1 / 2;
    expect(scores.ndcg).toBeCloseTo((1 + 1 / 2) / ideal / 2, 12);
    expect(scores.recall).toBeCloseTo(2 / 3 / 2, 12);
    expect(scores.hit).toBe(0.5);
    expect([...scores.perCustomer]).toHaveLength(2);
  });

  it('gives zeros, not NaN, for an empty truth', () => {
    expect(evaluate(new Map(), new Map())).toMatchObject({ ndcg: 0, recall: 0, hit: 0, customers: 0 });
  });

  it('splits by market so that the parts add up', () => {
    const sales = plantedSales();
    const { all } = truthOf(sales, 15080, 15111);
    const lists = personalFrequency(sales, 15080, all.keys(), 10);
    const parts = Object.values(evaluateByMarket(sales, lists, all));
    const whole = evaluate(lists, all);
    expect(parts.reduce((n, p) => n + p.customers, 0)).toBe(whole.customers);
    expect(parts.reduce((n, p) => n + p.ndcg * p.customers, 0) / whole.customers).toBeCloseTo(whole.ndcg, 12);
  });
});

describe('truth and baselines', () => {
  it('keeps what was bought before out of the new part and leaves unseen customers out', () => {
    const sales = plantedSales();
    const { all, fresh } = truthOf(sales, 15060, 15091);
    const before = new Set<string>();
    sales.day.forEach((day, r) => {
      if (day < 15060) before.add(`${sales.customer[r]}:${sales.product[r]}`);
    });
    for (const [customer, products] of fresh) {
      for (const product of products) {
        expect(before.has(`${customer}:${product}`)).toBe(false);
        expect(all.get(customer)?.has(product)).toBe(true);
      }
    }
  });

  it('popularity never lists an owned product among new ones', () => {
    const sales = plantedSales();
    const owned = new Map<number, Set<number>>();
    sales.customer.forEach((c, r) => {
      owned.set(c, (owned.get(c) ?? new Set()).add(sales.product[r] as number));
    });
    for (const [c, list] of popularity(sales, 99999, [0, 1, 2], 10, true)) {
      for (const p of list) expect(owned.get(c)?.has(p)).toBe(false);
    }
  });
});

describe('pairedBootstrap', () => {
  it('tells a steady difference from noise, the same for the same seed', () => {
    const b = Float64Array.from({ length: 400 }, (_, i) => (i % 10) / 10);
    const better = b.map((x, i) => x + (i % 3 === 0 ? 0.1 : 0.02));
    const noise = b.map((x, i) => x + (i % 2 === 0 ? 0.3 : -0.3));
    const sure = pairedBootstrap(better, b, { seed: 3 });
    expect(sure.lower95).toBeGreaterThan(0);
    expect(sure.mean).toBeGreaterThan(sure.lower95);
    expect(sure).toEqual(pairedBootstrap(better, b, { seed: 3 }));
    const unsure = pairedBootstrap(noise, b, { seed: 3 });
    expect(unsure.lower95).toBeLessThan(0);
    expect(unsure.upper95).toBeGreaterThan(0);
  });

  it('refuses arrays that are no pairs', () => {
    expect(() => pairedBootstrap(new Float64Array(2), new Float64Array(3))).toThrow(/2 values and b 3/);
  });
});
