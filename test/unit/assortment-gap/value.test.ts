import { describe, expect, it } from 'vitest';
import { assortmentOf, yearlyValues } from '../../../domain/assortment-gap/index.ts';
import type { SalesTable } from '../../../domain/recommend/index.ts';
import { type Row, table } from '../recommend/sales.ts';

const today = 20_000;

/** Sales of two pieces each: days before today, customer, product and amount. */
function salesOf(rows: readonly Row[]): SalesTable {
  const size = (at: 1 | 2) => 1 + Math.max(...rows.map((row) => row[at]));
  const dated = rows.map(([daysAgo, ...rest]): Row => [today - daysAgo, ...rest]);
  return table(dated, new Array<number>(size(1)).fill(0), size(2), 2);
}
/** A customer known for a year, who spends `rest` on product 0. */
const known = (customer: number, rest: number) => [
  [364, customer, 0, rest / 2] as const,
  [10, customer, 0, rest / 2] as const,
];

describe('the yearly value of a product for a customer', () => {
  const sales = salesOf([
    // The product is a tenth, two tenths and a half of what they spend.
    ...[
      [0, 900, 100],
      [1, 800, 200],
      [2, 500, 500],
    ].flatMap(([c, rest, own]) => [
      ...known(c!, rest!),
      [100, c!, 1, own! / 2] as const,
      [50, c!, 1, own! / 2] as const,
    ]),
    // Bought once: tried, not used.
    ...known(3, 100),
    [20, 3, 1, 9900],
    // Half as large as the others, and ten times.
    ...known(4, 500),
    ...known(5, 10_000),
    // Known for 100 days.
    [100, 6, 0, 200],
    // Of a product that nobody buys again, and of one long ago.
    [30, 0, 2, 100],
    [800, 0, 3, 100],
  ]);
  const value = yearlyValues(sales, today);

  it('is what customers who buy it again and again spend, by the customer’s size', () => {
    expect(value(4, 1)).toEqual({ value: expect.closeTo((500 * 0.2 * 365) / 364, 1), comparables: 3 });
    expect(value(5, 1)!.value).toBeCloseTo(20 * value(4, 1)!.value, 3);
  });

  it('takes a customer that is new for what it would spend in a year', () => {
    expect(value(6, 1)!.value).toBeCloseTo(200 * 3.65 * 0.2, 1);
  });

  it('is read from all buyers when nobody bought again, and unknown when nobody bought in a year', () => {
    expect(value(4, 2)).toMatchObject({ comparables: 1 });
    expect(value(4, 3)).toBeNull();
  });
});

describe('an assortment', () => {
  it('tells what is in use from what was tried, and never bought from both', () => {
    const sales = salesOf([
      [9, 0, 1, 5],
      [3, 0, 1, 5],
      [5, 0, 0, 5],
      [5, 0, 0, 5],
      [4, 1, 1, 5],
      [4, 1, 2, 5],
      [2, 1, 2, 5],
      [1, 1, 2, 5],
    ]);
    const { bought, hasBought } = assortmentOf(sales);
    expect([...bought.start]).toEqual([0, 1, 2]);
    expect([...bought.product]).toEqual([1, 2]);
    expect([hasBought(0, 0), hasBought(0, 1), hasBought(0, 2), hasBought(1, 0)]).toEqual([true, true, false, false]);
  });
});
