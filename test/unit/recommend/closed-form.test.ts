import { describe, expect, it } from 'vitest';
import {
  ClosedFormLists,
  decodeClosedForm,
  encodeClosedForm,
  evaluate,
  listsOf,
  personalFrequency,
  popularity,
  type RecommendModel,
  type RecommendOptions,
  recommendBy,
  type SalesTable,
  trainClosedForm,
  truthOf,
} from '../../../domain/recommend/index.ts';
import { plantedSales, salesBefore } from './sales.ts';

const asOfDay = 15089;
const sales = plantedSales({ customers: 120 });
const closedForm = trainClosedForm(sales, { asOfDay });
const model: RecommendModel = { kind: 'closed-form', closedForm };

const everyone = (table: SalesTable, newOnly: boolean, topK = 10): RecommendOptions => ({
  asOfDay,
  customers: Int32Array.from(table.customers.keys()),
  topK,
  newOnly,
});

describe('next products in closed form', () => {
  it('finds new products of the liked families far better than popularity does, and all as well as habits', () => {
    const { all, fresh } = truthOf(sales, asOfDay, asOfDay + 31);
    const ndcg = (newOnly: boolean) =>
      evaluate(listsOf(recommendBy(sales, model, everyone(sales, newOnly))), newOnly ? fresh : all).ndcg;
    expect(ndcg(true)).toBeGreaterThan(1.5 * evaluate(popularity(sales, asOfDay, fresh.keys(), 10, true), fresh).ndcg);
    expect(ndcg(false)).toBeGreaterThan(evaluate(personalFrequency(sales, asOfDay, all.keys(), 10), all).ndcg);
  });

  it('lists each product once, best first, new ones only when asked, with a reason for each', () => {
    for (const newOnly of [false, true]) {
      const found = recommendBy(sales, model, everyone(sales, newOnly));
      const lists = listsOf(found);
      expect(lists.size).toBe(sales.customers.length);
      for (const [, list] of lists) expect(new Set(list).size).toBe(list.length);
      found.forEach((one, i) => {
        const next = found[i + 1];
        if (next?.customer === one.customer) expect(one.score).toBeGreaterThanOrEqual(next.score);
        expect(one.reason).toMatch(/^(Bought on|Bought once|Often bought with|\d+ customers in M\d|Bought by)/);
        if (newOnly) expect(one.isNew).toBe(true);
      });
    }
  });

  it('says what a product is often bought with', () => {
    const reasons = recommendBy(sales, model, everyone(sales, true)).map(({ reason }) => reason);
    const together = reasons.filter((reason) => /often bought with \w+ item number \d+/i.test(reason));
    expect(together.length).toBeGreaterThan(reasons.length / 2);
  });

  it('lists what sells in its market for a customer without a purchase, and no more than there is', () => {
    const table: SalesTable = {
      ...sales,
      customers: [...sales.customers, 'newcomer'],
      marketOf: Int32Array.from([...sales.marketOf, 1]),
    };
    const options = { ...everyone(table, false, 5), customers: Int32Array.of(sales.customers.length) };
    const list = recommendBy(table, model, options);
    expect(list).toHaveLength(5);
    expect(list[0]).toMatchObject({ isNew: true, reason: expect.stringMatching(/^\d+ customers in M1 bought it/) });
    const long = recommendBy(table, model, { ...options, topK: 500 });
    expect(long.length).toBeLessThanOrEqual(sales.products.length);
    expect(new Set(long.map(({ product }) => product)).size).toBe(long.length);
  });

  it('reads nothing of asOf or later', () => {
    const cut = salesBefore(sales, asOfDay);
    const again = trainClosedForm(cut, { asOfDay });
    expect(encodeClosedForm(again)).toEqual(encodeClosedForm(closedForm));
    expect(recommendBy(cut, { kind: 'closed-form', closedForm: again }, everyone(cut, false))).toEqual(
      recommendBy(sales, model, everyone(sales, false)),
    );
  });

  it('gives the same lists after being stored and read, also beside products it has not seen', () => {
    const read = decodeClosedForm(encodeClosedForm(closedForm));
    const expected = recommendBy(sales, model, everyone(sales, true));
    expect(recommendBy(sales, { kind: 'closed-form', closedForm: read }, everyone(sales, true))).toEqual(expected);
    // A product that came since stands first in the list of names: all indices move by one.
    const moved: SalesTable = {
      ...sales,
      products: ['A0', ...sales.products],
      descriptions: ['a new one', ...sales.descriptions],
      product: sales.product.map((p) => p + 1),
    };
    expect(
      recommendBy(moved, model, everyone(moved, true)).map(({ product, ...one }) => ({ ...one, product: product - 1 })),
    ).toEqual(expected.map(({ product, ...one }) => ({ ...one, product })));
  });

  it('refuses bytes that are cut short or of something else', () => {
    const bytes = encodeClosedForm(closedForm);
    expect(() => decodeClosedForm(bytes.subarray(0, bytes.length - 8))).toThrow(
      expect.objectContaining({ code: 'MODEL_FORMAT' }),
    );
  });

  it('has an answer where no product is bought by two customers', () => {
    const alone: SalesTable = {
      ...plantedSales({ customers: 1, products: 10 }),
    };
    const lists = new ClosedFormLists(alone, trainClosedForm(alone, { asOfDay }), asOfDay);
    const found = lists.recommend(Int32Array.of(0), { topK: 3, newOnly: false });
    expect(found).toHaveLength(3);
    expect(found.every(({ isNew }) => !isNew)).toBe(true);
  });
});
