import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SearchAnswer, SearchHit } from '../../contracts/search.ts';
import { rolloutIds, runIds, seedMonth } from '../support/month.ts';
import { type OpenApi, openApi } from './support.ts';

const now = new Date('2026-11-26T06:40:00Z');
let api: OpenApi;
beforeAll(async () => {
  api = await openApi({ clock: { now: () => now } });
  await seedMonth(api.database, { url: api.url, now });
});
afterAll(() => api.close());

async function find(query: string, key = api.keys.admin): Promise<readonly SearchHit[]> {
  const answer = await api.call('GET', `/v1/search?limit=100&q=${encodeURIComponent(query)}`, { key });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<SearchAnswer>().hits;
}
const named = async (query: string): Promise<string[]> => (await find(query)).map(({ kind, id }) => `${kind} ${id}`);

it.each([
  ['offers', 'pipeline offers'],
  ['predict', 'step offers/predict'],
  ['France', 'market France'],
  ['2026-11-24', 'partition 2026-11-24'],
  ['translation-en-de', 'model translation-en-de'],
  ['translation-en-de 3', 'version translation-en-de/3'],
  ['lunch bag', 'product 20725'],
  ['offers-by-morning', 'deadline offers-by-morning'],
  ['large-files', 'rule large-files'],
  ['files larger', 'rule large-files'],
  ['data-drift', 'alert-definition data-drift'],
  ['retail', 'glossary retail'],
  ['letters', 'memory letters'],
])('finds by its name, best first: %s', async (query, hit) => {
  expect((await named(query)).slice(0, 3)).toContain(hit);
});

it('finds runs by the beginning of the id, by parameters, and by who started them', async () => {
  expect((await named(runIds.failedMarket.slice(0, 10)))[0]).toBe(`run ${runIds.failedMarket}`);
  expect(await named('en-fr')).toContain(`run ${runIds.failedTranslation}`);
  expect((await find('bob')).some(({ kind }) => kind === 'run')).toBe(true);
});

it('finds decisions, rollouts, alerts, backfills and policies by what they are about', async () => {
  expect(await named('rollout paused')).toContain(`rollout ${rolloutIds.paused}`);
  expect((await find('drifted')).map(({ kind }) => kind)).toContain('alert');
  expect((await find('retrain offers-next-products')).map(({ kind }) => kind)).toContain('decision');
  expect((await find('backfill Germany')).map(({ kind }) => kind)).toContain('backfill');
  expect((await find('policy next-products')).map(({ kind }) => kind)).toContain('policy');
});

it('finds customers by the beginning of their ids', async () => {
  const [customer] = (await api.database.predictions.byMarket('France', '2026-11-25', { limit: 1 })) ?? [];
  const id = customer?.customerId ?? '';
  expect(await named(id.slice(0, 4))).toContain(`customer ${id}`);
  expect((await find(id))[0]).toMatchObject({ kind: 'customer', id, of: 'France', score: 1 });
});

it.each(['Lab-77', 'lab-77', 'LAB-77'])(
  'finds a customer whose id has capitals, or has none: %s',
  async (customerId) => {
    const lists = { runId: 'r', modelVersion: 1, horizonDays: 28, products: [], newProducts: [] };
    await api.database.predictions.replaceMarket('Norway', '2026-11-25', [
      { ...lists, market: 'Norway', asOf: '2026-11-25', customerId },
    ]);
    expect(await named(customerId)).toContain(`customer ${customerId}`);
  },
);

it('wants every word, takes them as they are written, and finds nothing else', async () => {
  expect(await find('offers zebra')).toEqual([]);
  expect(await find('o_fers')).toEqual([]);
  expect(await find("'; drop table runs")).toEqual([]);
  expect((await api.call('GET', '/v1/search?q=')).statusCode).toBe(400);
});

it('shows documents to administrators and to who sent them', async () => {
  expect((await find('price list')).every(({ kind }) => kind === 'document')).toBe(true);
  expect(await find('price list')).toHaveLength(12);
  expect(await find('price list', api.keys.viewer)).toEqual([]);
});
