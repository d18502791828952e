import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KpiMatrix, MarketCustomer } from '../../contracts/offers.ts';
import { seedMonth } from '../support/month.ts';
import { type OpenApi, openApi } from './support.ts';

const now = new Date('2026-11-26T06:40:00Z');
let api: OpenApi;
beforeAll(async () => {
  api = await openApi({ clock: { now: () => now } });
  await seedMonth(api.database, { url: api.url, now });
});
afterAll(() => api.close());

it('a key figure comes by market and day, all markets together among them', async () => {
  const path = '/v1/kpis/matrix?name=expected_revenue&from=2026-11-20&to=2026-11-26';
  const { markets, days, values } = await api.read<KpiMatrix>(path);
  expect(days).toEqual(['20', '21', '22', '23', '24', '25', '26'].map((day) => `2026-11-${day}`));
  expect(markets).toHaveLength(39);
  const of = (market: string, day: string) => values[markets.indexOf(market) * days.length + days.indexOf(day)];
  const sum = markets.slice(1).reduce((total, market) => total + (of(market, '2026-11-25') ?? 0), 0);
  expect(of('', '2026-11-25')).toBeCloseTo(sum, 6);
  expect(of('France', '2026-11-26')).toBeNull();
  const tooLong = await api.call('GET', '/v1/kpis/matrix?name=x&from=2020-01-01&to=2026-01-01');
  expect(tooLong.json()).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ field: 'from' }] });
});

it('customers of a market come page by page, each once, and are found by a part of the id', async () => {
  const seen: MarketCustomer[] = [];
  for (let after = ''; ; ) {
    const page = await api.read<{ customers: MarketCustomer[]; next: string | null }>(
      `/v1/offers/markets/France/customers?limit=10${after}`,
    );
    seen.push(...page.customers);
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  expect(new Set(seen.map(({ customerId }) => customerId)).size).toBe(24);
  const [first] = seen as [MarketCustomer];
  expect(first.expectedRevenue).toBeGreaterThan(0);
  expect(first.next).toMatch(/^[A-Z]/);
  const found = await api.read<{ customers: MarketCustomer[] }>(
    `/v1/offers/markets/France/customers?text=${first.customerId.slice(1)}`,
  );
  expect(found.customers.map(({ customerId }) => customerId)).toContain(first.customerId);
  expect((await api.call('GET', '/v1/offers/markets/Atlantis/customers')).statusCode).toBe(404);
});
