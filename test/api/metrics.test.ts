import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MetricPoint } from '../../contracts/metrics.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
  const point = (day: string, name: string, alarm: MetricPoint['alarm']): MetricPoint => ({
    ...{
      pipeline: 'offers',
      market: '',
      name,
      subject: 'price',
      at: `${day}T00:00:00.000Z`,
      value: 0.4,
      threshold: 0.1,
    },
    ...{ alarm, text: alarm && 'price: KS 0.4.', model: 'offers-next-products', modelVersion: 3, runId: 'r' },
  });
  await api.database.metricSeries.save([
    point('2026-06-01', 'drift.ks', null),
    point('2026-06-02', 'drift.ks', 'warning'),
    point('2026-06-02', 'quality.missing', 'error'),
  ]);
});
afterAll(() => api.close());

const found = async (query: string) => {
  const { statusCode, body } = await api.app.inject({
    url: `/v1/metrics?${query}`,
    headers: { authorization: `Bearer ${api.keys.viewer}` },
  });
  return { statusCode, points: (JSON.parse(body) as { points?: MetricPoint[] }).points };
};

it('shows figures over time, by name, alarm and day', async () => {
  const { points } = await found('pipeline=offers&name=drift.*');
  expect(points?.map(({ at, alarm, text }) => [at.slice(0, 10), alarm, text])).toEqual([
    ['2026-06-02', 'warning', 'price: KS 0.4.'],
    ['2026-06-01', null, null],
  ]);
  expect((await found('pipeline=offers&alarm=any')).points).toHaveLength(2);
  expect((await found('pipeline=offers&alarm=error')).points).toMatchObject([{ name: 'quality.missing' }]);
  expect((await found('pipeline=offers&from=2026-06-01&to=2026-06-02')).points).toHaveLength(1);
  expect((await found('pipeline=other')).points).toEqual([]);
  expect((await found('pipeline=offers&alarm=loud')).statusCode).toBe(400);
});
