import { expect, it } from 'vitest';
import type { ChosenOffer } from '../../contracts/chosen-offers.ts';
import type { ChosenOfferRepository } from '../../domain/ports/chosen-offers.ts';

function offer(market: string, asOf: string, rank: number, customerId: string, holdout = false): ChosenOffer {
  return {
    market,
    asOf,
    rank,
    customerId,
    productId: `P${rank}`,
    description: 'Tasse “Größe 1”',
    discount: 10,
    holdout,
    probability: 0.4,
    probabilityWithout: 0.2,
    price: 2.55,
    expectedRevenue: 9.18,
    incrementalMargin: 1.5 / rank,
    spend: 1.02,
    reason: '10 % off raises the chance of a sale from 20 % to 40 %',
    runId: 'r',
    modelVersion: 1,
  };
}

export function chosenOfferConformance(repository: () => ChosenOfferRepository): void {
  const all = { limit: 50, holdouts: true } as const;

  it('keeps offers whole, and replaces a market’s day as a whole', async () => {
    const first = [offer('DE', '2026-01-01', 1, 'a'), offer('DE', '2026-01-01', 2, 'b', true)];
    await repository().replaceMarket('DE', '2026-01-01', first);
    await repository().replaceMarket('FR', '2026-01-01', [offer('FR', '2026-01-01', 1, 'c')]);
    expect(await repository().byMarket('DE', '2026-01-01', all)).toEqual(first);
    await repository().replaceMarket('DE', '2026-01-01', [offer('DE', '2026-01-01', 1, 'd')]);
    expect((await repository().byMarket('DE', '2026-01-01', all)).map((o) => o.customerId)).toEqual(['d']);
    expect(await repository().byMarket('FR', '2026-01-01', all)).toHaveLength(1);
    await repository().replaceMarket('DE', '2026-01-01', []);
    expect(await repository().newestDay('DE')).toBeNull();
    expect(await repository().newestDay('FR')).toBe('2026-01-01');
  });

  it('pages by rank, and leaves out what is not to be offered unless it is asked for', async () => {
    const many = Array.from({ length: 25 }, (_, i) => offer('UK', '2026-01-01', i + 1, `c${i}`, i % 5 === 0));
    await repository().replaceMarket('UK', '2026-01-01', many);
    const seen: number[] = [];
    for (let after: number | undefined; ; after = seen.at(-1)) {
      const page = await repository().byMarket('UK', '2026-01-01', {
        limit: 6,
        holdouts: false,
        ...(after === undefined ? {} : { after }),
      });
      if (page.length === 0) break;
      seen.push(...page.map((o) => o.rank));
    }
    expect(seen).toEqual(many.filter((o) => !o.holdout).map((o) => o.rank));
  });

  it('gives a customer’s offers of the newest day of its market only: earlier ones no longer hold', async () => {
    await repository().replaceMarket('SE', '2026-01-01', [offer('SE', '2026-01-01', 1, 'x')]);
    const mine = { holdouts: false } as const;
    expect((await repository().byCustomer('x', mine))?.offers).toHaveLength(1);
    await repository().replaceMarket('SE', '2026-01-02', [offer('SE', '2026-01-02', 1, 'y')]);
    expect(await repository().byCustomer('x', mine)).toEqual({ market: 'SE', asOf: '2026-01-02', offers: [] });
    expect((await repository().byCustomer('x', { ...mine, asOf: '2026-01-01' }))?.offers).toHaveLength(1);
    expect(await repository().byCustomer('x', { ...mine, market: 'NO' })).toBeNull();
    expect(await repository().byCustomer('nobody', mine)).toBeNull();
  });
}
