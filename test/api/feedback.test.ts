import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const send = async (body: object) => {
  const response = await api.call('POST', '/v1/feedback', { body });
  return { status: response.statusCode, body: response.json() };
};

it('takes corrections into the memory that is named, in place of what was there', async () => {
  await api.call('POST', '/v1/memories', { body: { id: 'shop', source: 'en', target: 'de', domain: 'shop' } });
  await api.call('POST', '/v1/memories/shop/entries', { body: { entries: [{ source: 'Cart', target: 'Karren' }] } });
  const correction = {
    memory: 'shop',
    source: 'Cart',
    target: 'Warenkorb',
    translation: 'Karren',
    model: 'translation-3',
    reason: 'a shop',
  };
  expect(await send(correction)).toMatchObject({
    status: 201,
    body: {
      memory: 'shop',
      entry: { source: 'Cart', target: 'Warenkorb', domain: 'shop', reason: 'a shop', validFrom: 2 },
    },
  });
  const found = await api.call('GET', '/v1/memories/shop/entries?origin=feedback');
  expect(found.json().entries).toMatchObject([{ target: 'Warenkorb' }]);
  expect(await send({ ...correction, memory: 'none' })).toMatchObject({ status: 404 });
});

it('makes a memory for the first corrections of a pair, once', async () => {
  const corrections = ['a', 'b', 'c'].map((source) =>
    send({ sourceLanguage: 'EN', targetLanguage: 'de-at', source, target: 'x' }),
  );
  for (const { status, body } of await Promise.all(corrections)) {
    expect(status).toBe(201);
    expect(body.memory).toBe('feedback-en-de-at');
  }
  expect((await api.call('GET', '/v1/memories/feedback-en-de-at')).json()).toMatchObject({
    target: 'de-AT',
    entries: 3,
  });
  expect(await send({ source: 'a', target: 'b', sourceLanguage: 'en' })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'targetLanguage' }] },
  });
});
