import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assortmentGap as gap } from '../support/gaps.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
  await api.database.gaps.replaceMarket('DE', '2026-01-01', [
    ...Array.from({ length: 5 }, (_, i) => gap({ rank: i + 1, customerId: `${i}`, score: 0.9 - i / 10 })),
    gap({ rank: 6, customerId: '0', productId: null, name: 'coffee machine', yearlyValue: null, expectedValue: null }),
  ]);
  await api.database.predictions.replaceMarket('DE', '2026-01-01', [
    {
      market: 'DE',
      customerId: 'writes nothing',
      asOf: '2026-01-01',
      runId: 'r',
      modelVersion: 1,
      horizonDays: 31,
      products: [],
      newProducts: [],
    },
  ]);
});
afterAll(() => api.close());

const get = async (path: string) => {
  const response = await api.call('GET', path, { key: api.keys.viewer });
  return { status: response.statusCode, body: response.json() };
};

describe('assortment gaps', () => {
  it('are listed for a market page by page, with their evidence', async () => {
    const first = await get('/v1/offers/markets/DE/gaps?limit=3');
    expect(first).toMatchObject({ status: 200, body: { market: 'DE', asOf: '2026-01-01', next: 3 } });
    expect(first.body.gaps[0]).toEqual(gap({ rank: 1, customerId: '0', score: 0.9 }));
    const second = await get('/v1/offers/markets/DE/gaps?limit=3&after=3');
    expect(second.body.gaps.map(({ rank }: { rank: number }) => rank)).toEqual([4, 5]);
    expect(second.body.next).toBeNull();
    const sure = await get('/v1/offers/markets/DE/gaps?minScore=0.75');
    expect(sure.body.gaps).toHaveLength(2);
  });

  it('are listed for a customer, those in no assortment last', async () => {
    const { body } = await get('/v1/offers/customers/0/gaps');
    expect(body.gaps.map(({ name }: { name: string }) => name)).toEqual(['MUG RED', 'coffee machine']);
    expect((await get('/v1/offers/customers/4/gaps?minScore=0.9')).body).toEqual({ customerId: '4', gaps: [] });
    expect((await get('/v1/offers/customers/writes%20nothing/gaps')).body).toEqual({
      customerId: 'writes nothing',
      gaps: [],
    });
  });

  it('say by how many customers something is used that is not in the assortment', async () => {
    const { body } = await get('/v1/offers/markets/DE/outside-assortment');
    expect(body.products).toMatchObject([{ name: 'coffee machine', customers: 1, examples: [{ customerId: '0' }] }]);
  });

  it.each([
    ['an unknown market', '/v1/offers/markets/Atlantis/gaps', 404, '"Atlantis"'],
    ['an unknown market', '/v1/offers/markets/Atlantis/outside-assortment', 404, '"Atlantis"'],
    ['an unknown customer', '/v1/offers/customers/none/gaps', 404, '"none"'],
    ['a score that is none', '/v1/offers/markets/DE/gaps?minScore=2', 400, 'query.minScore'],
    ['a page no column holds', '/v1/offers/markets/DE/gaps?after=1e12', 400, 'query.after'],
  ])('refuse %s', async (_, path, status, words) => {
    const found = await get(path);
    expect(found).toMatchObject({ status, body: { detail: expect.stringContaining(words) } });
  });
});
