import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { promoteTinyModel, storeTinyModel, trainTinyModel } from '../../bench/tiny-translation-model.ts';
import type { FeedbackDay } from '../../contracts/feedback.ts';
import { requestHeader } from '../../contracts/serving.ts';
import { createCorrections, writeFeedbackFigures } from '../../domain/feedback/index.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
  await promoteTinyModel(api.database.models, await storeTinyModel(api.artifacts, await trainTinyModel()));
});
afterAll(() => api.close());

/** A busy machine takes its time. */
const patience = { timeout: 20_000, interval: 20 };
const send = async (body: object) => {
  const response = await api.call('POST', '/v1/feedback', { body });
  return { status: response.statusCode, body: response.json() };
};
const sendFile = async (content: string, type = 'text/csv') => {
  const headers = { 'content-type': type };
  const response = await api.call('POST', '/v1/feedback/file', { body: Buffer.from(content), headers });
  return { status: response.statusCode, body: response.json() };
};
/** @returns the id that the caller is told. */
const translate = async (text: string | string[], more: object = {}): Promise<string> => {
  const body = { text, source: 'en', target: 'de', ...more };
  const response = await api.call('POST', '/v1/translate', { key: api.keys.viewer, body });
  expect(response.statusCode).toBe(200);
  return String(response.headers[requestHeader]);
};
const logged = (requestId: string, index = 0) =>
  vi.waitFor(async () => {
    const found = await api.database.predictionLog.find(requestId, index);
    expect(found).not.toEqual([]);
    return found;
  }, patience);
const settle = () => createCorrections({ ...api.database, clock: { now: () => new Date() } }).settle();

describe('corrections of texts', () => {
  it('enter the memory that is named, in place of what was there', async () => {
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
        feedback: { status: 'waiting', prediction: null },
      },
    });
    const found = await api.call('GET', '/v1/memories/shop/entries?origin=feedback');
    expect(found.json().entries).toMatchObject([{ target: 'Warenkorb' }]);
    expect(await send({ ...correction, memory: 'none' })).toMatchObject({ status: 404 });
  });

  it('make a memory for the first corrections of a pair, once', async () => {
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
    expect(await send({ target: 'b' })).toMatchObject({ status: 400, body: { errors: [{ field: 'requestId' }] } });
  });

  it('are joined to the newest answer for that text', async () => {
    const text = 'The new key is blue.';
    const requestId = await translate(text, { memory: false });
    await logged(requestId);
    const { body } = await send({ source: text, target: 'Der neue Schlüssel ist blau.', memory: 'shop' });
    expect(body.feedback).toMatchObject({ status: 'joined', requestId, index: 0, prediction: { modelVersion: 1 } });
  });
});

describe('corrections of answers', () => {
  it('are joined to the very answer, with its quality, and enter the memory of its pair', async () => {
    const requestId = await translate(['The key is new.', 'The red car is old.'], { memory: false });
    const [answer] = await logged(requestId, 1);
    const keyId = (await api.database.keys.list()).find(({ role }) => role === 'viewer')?.id;
    expect(answer).toMatchObject({ caller: keyId, source: 'The red car is old.', answer: 'Das rot Wagen ist alt.' });
    const correction = { requestId, index: 1, target: 'Der rote Wagen ist alt.' };
    const { status, body } = await send(correction);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      memory: 'feedback-en-de',
      entry: { source: 'The red car is old.', target: 'Der rote Wagen ist alt.' },
      feedback: {
        status: 'joined',
        prediction: {
          model: 'translation-en-de',
          modelVersion: 1,
          answer: 'Das rot Wagen ist alt.',
          untouched: false,
          editRate: 2 / 6,
        },
      },
    });
    expect(body.feedback.prediction.chrf).toBeGreaterThan(40);
    expect(body.feedback.prediction.chrf).toBeLessThan(90);
    // Twice: nothing changes.
    expect(await send(correction)).toEqual({ status, body });
    const { body: same } = await send({ requestId, target: 'Das Schlüssel ist neu.' });
    expect(same.feedback).toMatchObject({ index: 0, status: 'joined' });
  });

  it('that come before the answer is logged wait for it, and those of an unknown one say so', async () => {
    const [early, never] = [randomUUID(), randomUUID()];
    const { status, body } = await send({ requestId: early, target: 'Das ist ein Auto.' });
    expect([status, body.entry, body.feedback.status]).toEqual([202, null, 'waiting']);
    await send({ requestId: never, target: 'nie' });
    const [someone] = await logged(await translate('The car is red.', { memory: false }));
    await api.database.predictionLog.add([
      {
        ...(someone as NonNullable<typeof someone>),
        requestId: early,
        source: 'This is a car.',
        answer: 'Das ist Auto.',
      },
    ]);
    await settle();
    expect((await send({ requestId: early, target: 'Das ist ein Auto.' })).body).toMatchObject({
      entry: { source: 'This is a car.', target: 'Das ist ein Auto.' },
      feedback: { status: 'joined', prediction: { editRate: 1 / 5 } },
    });
    const tomorrow = await api.rebuild({ clock: { now: () => new Date(Date.now() + 25 * 3_600_000) } });
    const late = await tomorrow.inject({
      method: 'POST',
      url: '/v1/feedback',
      headers: { authorization: `Bearer ${api.keys.operator}` },
      payload: { requestId: never, target: 'nie' },
    });
    expect([late.statusCode, late.json().feedback.status]).toEqual([202, 'unknown']);
    await tomorrow.close();
  });

  it('are joined long after, when a rest of the day was corrected before, and again when they are corrected', async () => {
    const requestId = randomUUID();
    const [someone] = await logged(await translate('The car is blue.', { memory: false }));
    const at = new Date(Date.now() - 60 * 86_400_000).toISOString();
    await api.database.predictionLog.add([
      { ...(someone as NonNullable<typeof someone>), requestId, at, modelVersion: 7, answer: 'Der Wagen ist blau.' },
    ]);
    const day = at.slice(0, 10);
    const { body } = await send({ requestId, target: 'Der Wagen ist blau.' });
    expect(body.feedback).toMatchObject({
      status: 'joined',
      prediction: { at, chrf: 100, editRate: 0, untouched: true },
    });
    const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    const quality = async () =>
      (await api.call('GET', `/v1/feedback/quality?from=${day}&to=${next}&version=7`)).json<{ days: FeedbackDay[] }>()
        .days;
    const of = { day, pair: 'en-de', model: 'translation-en-de', modelVersion: 7, answers: 1, corrected: 1 };
    expect(await quality()).toEqual([{ ...of, chrf: 100, editRate: 0, untouched: 1 }]);

    await writeFeedbackFigures(api.database, new Date());
    const points = await api.database.metricSeries.list({ pipeline: 'translation', modelVersion: 7, limit: 10 });
    expect(Object.fromEntries(points.map(({ name, value }) => [name, value]))).toEqual({
      'feedback.chrf': 100,
      'feedback.edit_rate': 0,
      'feedback.rate': 1,
      'feedback.untouched': 1,
    });
    expect(points[0]).toMatchObject({ market: 'en-de', subject: 'v7', model: 'translation-en-de' });

    expect((await send({ requestId, target: 'Das Auto ist blau.' })).body.feedback.prediction).toMatchObject({
      untouched: false,
      editRate: 2 / 5,
    });
    expect(await quality()).toMatchObject([{ corrected: 1, untouched: 0 }]);
  });
});

describe('files of corrections', () => {
  it('are joined row by row, with each bad row told by line, field and value, and change nothing when they come again', async () => {
    const requestId = await translate(['The house is old.', 'The house is new.'], { memory: false });
    await logged(requestId, 1);
    const file = `request_id,index,correction,source,source_language,target_language
${requestId},0,"Das Haus ist alt."
${requestId},one,Das Haus ist neu.
${requestId},1,
${requestId},1,Das Haus ist neu.
,,Der Baum,The tree,en,de
,,Der Baum,The tree,en,xx-yy-zz-1
,,Der Baum,,,
${randomUUID()},3,Irgendwas
`;
    const first = await sendFile(file);
    expect(first).toMatchObject({ status: 200, body: { rows: 8, accepted: 4, joined: 2, waiting: 2, refused: 4 } });
    expect(first.body.faults).toEqual([
      { row: 3, field: 'index', value: 'one', message: expect.stringContaining('whole number') },
      { row: 4, field: 'correction', value: '', message: 'is empty' },
      { row: 7, field: 'target_language', value: 'xx-yy-zz-1', message: expect.any(String) },
      { row: 8, field: 'request_id', value: '', message: 'is needed without a source' },
    ]);
    const version = async () =>
      (await api.call('GET', '/v1/memories/feedback-en-de')).json<{ version: number }>().version;
    const before = await version();
    expect(await sendFile(file.replaceAll(',', '\t').replaceAll('"', ''), 'text/tab-separated-values')).toEqual(first);
    expect(await version()).toBe(before);
  });

  it('are refused without a header, in other formats, and for viewers', async () => {
    expect(await sendFile('a,b\n1,2\n')).toMatchObject({
      status: 422,
      body: { code: 'SOURCE_INVALID', detail: expect.stringContaining('a, b') },
    });
    expect((await sendFile('', 'text/csv')).status).toBe(422);
    expect((await sendFile('{}', 'application/json')).status).toBe(415);
    expect((await api.call('POST', '/v1/feedback', { key: api.keys.viewer, body: { target: 'x' } })).statusCode).toBe(
      403,
    );
  });
});
