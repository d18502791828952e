import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PipelineDetail } from '../../contracts/pipelines.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

it('says how runs of a pipeline divide its work, or that they do not', async () => {
  const shown = async (id: string) => (await api.call('GET', `/v1/pipelines/${id}`)).json<PipelineDetail>();
  const offers = await shown('offers');
  expect(offers).toMatchObject({ partition: { date: 'asOf', key: 'market' }, concurrency: null });
  expect(offers.steps.find(({ id }) => id === 'predict')).toMatchObject({ needs: ['preprocess', 'serving-model'] });
  expect(await shown('translate-document')).toMatchObject({ partition: null });
});

it('finds an event by its source and id', async () => {
  const event = (source: string, id: string) => ({
    ...{ specversion: '1.0' as const, source, id, type: 'dataset.landed', time: '2026-01-01T00:00:00.000Z' },
  });
  await api.database.events.publish([event('/a', '1'), event('/a', '2'), event('/b', '1')]);
  const found = (await api.call('GET', '/v1/events?source=/a&id=1')).json<{
    events: { source: string; id: string }[];
  }>();
  expect(found.events.map(({ source, id }) => [source, id])).toEqual([['/a', '1']]);
});
