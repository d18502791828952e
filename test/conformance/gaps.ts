import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { GapRepository } from '../../domain/ports/gaps.ts';
import { assortmentGap as gap } from '../support/gaps.ts';

export function gapConformance(repository: () => GapRepository): void {
  const all = { minScore: 0, limit: 100 };

  it('keeps the gaps of a market’s day exactly as given, in their order, and replaces them as a whole', async () => {
    const market = randomUUID();
    const given = [1, 2, 3].map((rank) => gap({ market, rank, customerId: `${rank}` }));
    await repository().replaceMarket(market, '2026-01-01', given);
    expect(await repository().byMarket(market, '2026-01-01', all)).toEqual(given);
    await repository().replaceMarket(market, '2026-01-01', [gap({ market, rank: 1, customerId: '9' })]);
    expect((await repository().byMarket(market, '2026-01-01', all)).map((one) => one.customerId)).toEqual(['9']);
    expect(await repository().newest(market)).toBe('2026-01-01');
    expect(await repository().newest(randomUUID())).toBeNull();
  });

  it('pages by rank, from a score on, without what no product fits', async () => {
    const market = randomUUID();
    const given = Array.from({ length: 20 }, (_, i) =>
      gap({ market, rank: i + 1, score: i % 2 === 0 ? 0.9 : 0.3, productId: i === 4 ? null : `P${i}` }),
    );
    await repository().replaceMarket(market, '2026-01-01', given);
    const seen: number[] = [];
    for (let after = 0; ; after = seen.at(-1) ?? 0) {
      const page = await repository().byMarket(market, '2026-01-01', { minScore: 0.5, limit: 4, after });
      if (page.length === 0) break;
      seen.push(...page.map(({ rank }) => rank));
    }
    expect(seen).toEqual([1, 3, 7, 9, 11, 13, 15, 17, 19]);
  });

  it('counts what is not in the assortment by its name, the surest mentions first', async () => {
    const market = randomUUID();
    const outside = (rank: number, name: string, score: number) =>
      gap({
        market,
        rank,
        name,
        score,
        customerId: `${rank}`,
        productId: null,
        yearlyValue: null,
        expectedValue: null,
      });
    await repository().replaceMarket(market, '2026-01-01', [
      gap({ market, rank: 1 }),
      ...[0.5, 0.9, 0.6, 0.7].map((score, i) => outside(i + 2, 'coffee machine', score)),
      outside(6, 'awning', 0.8),
      outside(7, 'awning', 0.1),
    ]);
    const found = await repository().outside(market, '2026-01-01', { minScore: 0.5, limit: 10 });
    expect(found.map(({ name, customers }) => [name, customers])).toEqual([
      ['coffee machine', 4],
      ['awning', 1],
    ]);
    expect(found[0]?.expectedCustomers).toBeCloseTo(2.7);
    expect(found[0]?.examples.map(({ customerId }) => customerId)).toEqual(['3', '5', '4']);
    expect(found[0]?.examples[0]).toEqual({ customerId: '3', ...gap({ rank: 1 }).evidence[0] });
    expect(await repository().outside(market, '2026-01-01', { minScore: 0, limit: 1 })).toHaveLength(1);
  });

  it('serves a customer’s gaps of the newest day of its market, or of the day asked for', async () => {
    const [market, customerId] = [randomUUID(), randomUUID()];
    await repository().replaceMarket(market, '2026-01-01', [
      gap({ market, rank: 1, customerId: 'x' }),
      gap({ market, rank: 2, customerId }),
    ]);
    const find = (more: object = {}) => repository().byCustomer(customerId, { minScore: 0, ...more });
    expect(await find()).toEqual([gap({ market, rank: 2, customerId })]);
    expect(await find({ minScore: 0.9 })).toEqual([]);
    expect(await find({ market: 'NO' })).toEqual([]);
    // It bought the product meanwhile: the newest day has no gap of it.
    await repository().replaceMarket(market, '2026-01-02', [
      gap({ market, rank: 1, customerId: 'x', asOf: '2026-01-02' }),
    ]);
    expect(await find()).toEqual([]);
    expect(await find({ asOf: '2026-01-01' })).toHaveLength(1);
  });

  it('holds one writer’s gaps whole after many wrote at once', async () => {
    const market = randomUUID();
    const runs = Array.from({ length: 6 }, (_, n) =>
      [1, 2].map((rank) => gap({ market, rank, runId: `r${n}`, customerId: `${n} ${rank}` })),
    );
    await Promise.all(runs.map((given) => repository().replaceMarket(market, '2026-01-01', given)));
    expect(runs).toContainEqual(await repository().byMarket(market, '2026-01-01', all));
  });
}
