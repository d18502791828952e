import { Translator } from 'deepl-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeTinyModel, trainTinyModel } from '../../bench/tiny-translation-model.ts';
import type { TranslationAnswer } from '../../contracts/translation.ts';
import { formatVersion, type TranslationService } from '../../domain/nlp/translator/index.ts';
import { OverloadError } from '../../domain/serving/index.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
let url: string;
beforeAll(async () => {
  api = await openApi();
  const artifact = await storeTinyModel(api.artifacts, await trainTinyModel());
  await api.database.models.add({
    model: 'translation-en-de',
    formatVersion,
    artifact,
    metrics: {},
    lineage: {},
    runId: 'test',
  });
  await api.database.models.setAlias('translation-en-de', 'champion', 1, 'test', 'the first');
  await api.call('POST', '/v1/memories', { body: { id: 'shop', source: 'en', target: 'de' } });
  await api.call('POST', '/v1/memories/shop/entries', {
    body: { entries: [{ source: 'Add to cart', target: 'In den Warenkorb' }] },
  });
  await api.call('POST', '/v1/glossaries', { body: { id: 'parts', source: 'en', target: 'de' } });
  await api.call('POST', '/v1/glossaries/parts/terms', { body: { terms: [{ source: 'car', target: 'Fahrzeug' }] } });
  url = await api.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => api.close());

const translate = (body: object, headers: Record<string, string> = {}) =>
  api.call('POST', '/v1/translate', { key: api.keys.viewer, body, headers });

describe('POST /v1/translate', () => {
  it('translates one text or many, with evidence', async () => {
    const one = await translate({ text: 'The red car is old.', source: 'en', target: 'de' });
    expect(one.statusCode).toBe(200);
    expect(one.json()).toMatchObject({
      translations: [
        {
          index: 0,
          text: 'Das rot Wagen ist alt.',
          source: 'en',
          target: 'de',
          origin: 'model',
          model: { name: 'translation-en-de', version: 1 },
          matches: [],
          terms: [],
          warnings: [],
          alternatives: [],
        },
      ],
      milliseconds: expect.any(Number),
    });
    const many = await translate({
      text: ['Add to cart', '<p>The car is <b>new</b>.</p>'],
      target: 'de',
      format: 'html',
      glossaries: ['parts'],
    });
    expect(many.json()).toMatchObject({
      translations: [
        {
          text: 'In den Warenkorb',
          origin: 'memory',
          model: null,
          detected: {},
          matches: [{ memory: 'shop', kind: 'exact', score: 1 }],
        },
        { text: expect.stringContaining('Fahrzeug'), terms: [{ source: 'car', used: 'Fahrzeug', glossary: 'parts' }] },
      ],
    });
  });

  it('knows a correction at once, and a memory only when it is wanted', async () => {
    const text = 'The wheel is heavy.';
    await api.call('POST', '/v1/memories/shop/entries', {
      body: { entries: [{ source: text, target: 'Das Rad wiegt viel.' }] },
    });
    const ask = async (memory?: unknown) =>
      (await translate({ text, source: 'en', target: 'de', ...(memory === undefined ? {} : { memory }) })).json<{
        translations: TranslationAnswer[];
      }>().translations[0];
    expect(await ask()).toMatchObject({ text: 'Das Rad wiegt viel.', origin: 'memory' });
    expect(await ask(false)).toMatchObject({ origin: 'model' });
    expect(await ask({ ids: ['shop'], threshold: 1 })).toMatchObject({ origin: 'memory' });
    const unknown = await translate({ text, source: 'en', target: 'de', memory: { ids: ['nope'] } });
    expect(unknown.statusCode).toBe(404);
  });

  it('knows at once that an entry was deleted, also where it was found as a similar one', async () => {
    const text = 'The order is heavy.';
    const ask = async () =>
      (await translate({ text, source: 'en', target: 'de', memory: { ids: ['taken-back'] } })).json<{
        translations: TranslationAnswer[];
      }>().translations[0];
    await api.call('POST', '/v1/memories', { body: { id: 'taken-back', source: 'en', target: 'de' } });
    const added = await api.call('POST', '/v1/memories/taken-back/entries', {
      body: { entries: [{ source: text, target: 'Die Bestellung wiegt viel.' }] },
    });
    expect(await ask()).toMatchObject({ origin: 'memory' });
    const [entry] = added.json<{ entries: { id: string }[] }>().entries;
    await api.call('DELETE', `/v1/memories/taken-back/entries/${entry?.id}`);
    expect(await ask()).toMatchObject({ origin: 'model', matches: [] });
  });

  it('takes terms of the request and gives alternatives', async () => {
    const answer = await translate({
      text: 'The door is open.',
      source: 'en',
      target: 'de',
      terms: [{ source: 'door', target: 'Klappe' }],
      alternatives: 2,
    });
    const [translation] = answer.json<{ translations: TranslationAnswer[] }>().translations;
    expect(translation?.text).toContain('Klappe');
    expect(translation?.terms).toMatchObject([{ source: 'door', glossary: null, used: 'Klappe' }]);
    expect(translation?.alternatives.length).toBeGreaterThan(0);
  });

  it('tells of each sentence how it came about, when that is wanted', async () => {
    const request = {
      ...{ text: 'Add to cart. The <b>car</b> is old.\n\n42', source: 'en', target: 'de' },
      ...{ glossaries: ['parts'], memory: { ids: ['shop'], threshold: 1 } },
    };
    await api.call('POST', '/v1/memories/shop/entries', {
      body: { entries: [{ source: 'Add to cart.', target: 'In den Warenkorb.' }] },
    });
    const answer = async (more: object) =>
      (await translate({ ...request, ...more })).json<{ translations: TranslationAnswer[] }>().translations[0];
    const { sentences, ...whole } = (await answer({ sentences: true })) as TranslationAnswer;
    expect(sentences).toMatchObject([
      {
        source: 'Add to cart.',
        target: 'In den Warenkorb.',
        origin: 'memory',
        match: { memory: 'shop', kind: 'exact', score: 1 },
        terms: [],
      },
      {
        source: 'The <b>car</b> is old.',
        origin: 'model',
        match: null,
        terms: [{ source: 'car', found: 'car', used: 'Fahrzeug', glossary: 'parts' }],
      },
      { source: '42', target: '42', origin: 'copied', match: null },
    ]);
    expect(whole.text).toMatch(/^In den Warenkorb\. .*\n\n42$/s);
    expect(await answer({})).toEqual(whole);
  });

  it('streams a long batch line by line', async () => {
    const text = Array.from({ length: 70 }, (_, i) => (i % 2 === 0 ? 'The car is old.' : `The key is new. ${i}`));
    const answer = await translate({ text, source: 'en', target: 'de' }, { accept: 'application/x-ndjson' });
    expect(answer.headers['content-type']).toContain('application/x-ndjson');
    const lines = answer.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { index?: number; done?: boolean; count?: number });
    expect(lines.slice(0, -1).map(({ index }) => index)).toEqual(text.map((_, i) => i));
    expect(lines.at(-1)).toMatchObject({ done: true, count: 70 });
    const refused = await translate({ text, source: 'en', target: 'ja' }, { accept: 'application/x-ndjson' });
    expect(refused.statusCode).toBe(404);
  });

  it.each([
    ['an unknown pair', { text: 'x', source: 'en', target: 'ja' }, 404, 'en to ja'],
    ['a pair of one language', { text: 'x', source: 'de', target: 'de' }, 400, '"de"'],
    ['a tag that is none', { text: 'x', source: 'en', target: 'de de' }, 400, 'target'],
    ['an unknown glossary', { text: 'x', source: 'en', target: 'de', glossaries: ['nope'] }, 404, '"nope"'],
    ['an unknown version', { text: 'x', source: 'en', target: 'de', model: '77' }, 404, '"77"'],
    ['an unknown alias', { text: 'x', source: 'en', target: 'de', model: 'shadow' }, 404, '"shadow"'],
    ['no text', { text: [], source: 'en', target: 'de' }, 400, 'body.text'],
    [
      'too many alternatives',
      { text: 'x', source: 'en', target: 'de', alternatives: 99 },
      400,
      'body.alternatives = 99',
    ],
    ['a threshold of nothing', { text: 'x', source: 'en', target: 'de', memory: { threshold: 0.1 } }, 400, 'threshold'],
    ['an unknown field', { text: 'x', source: 'en', target: 'de', lang: 'de' }, 400, 'body.lang'],
  ])('refuses %s', async (_what, body, status, words) => {
    const answer = await translate(body);
    expect(answer.statusCode).toBe(status);
    const problem = answer.json<{ detail: string; remedy: string }>();
    expect(problem.detail).toContain(words);
    expect(problem.remedy).toBeTruthy();
  });
});

it('refuses at once what is too much, and says when to come again', async () => {
  const translation: TranslationService = {
    enter: async () => () => {},
    translate: () => Promise.reject(new OverloadError('1000 sentences wait.', 2500)),
    async *stream() {
      yield await Promise.reject<TranslationAnswer>(new OverloadError('1000 sentences wait.', 2500));
    },
    segments: () => Promise.reject(new OverloadError('1000 sentences wait.', 2500)),
    check: async () => {},
    sourceOf: async () => ({ language: 'en', confidence: 1 }),
    pairs: async () => [],
    languages: async () => [],
    detect: async () => [],
  };
  const busy = await openApi({ translation });
  try {
    const body = { text: 'x', source: 'en', target: 'de' };
    for (const [path, given, accept] of [
      ['/v1/translate', body, 'application/json'],
      ['/v1/translate', body, 'application/x-ndjson'],
      ['/v2/translate', { text: 'x', target_lang: 'DE' }, 'application/json'],
      ['/translate', { q: 'x', source: 'en', target: 'de' }, 'application/json'],
    ] as const) {
      const answer = await busy.call('POST', path, { body: given, headers: { accept } });
      expect([path, answer.statusCode, answer.headers['retry-after']]).toEqual([path, 429, '3']);
    }
  } finally {
    await busy.close();
  }
});

it('lists languages and detects them', async () => {
  expect((await api.call('GET', '/v1/languages')).json()).toEqual({
    languages: [
      { code: 'de', name: 'German', targets: [] },
      { code: 'en', name: 'English', targets: ['de'] },
    ],
    pairs: [{ source: 'en', target: 'de', model: 'translation-en-de', version: 1 }],
  });
  const found = await api.call('POST', '/v1/detect', {
    body: {
      text: ['The customer has not paid this order yet.', 'Der Kunde hat diese Bestellung noch nicht bezahlt.', '42'],
    },
  });
  const { detections } = found.json<{ detections: { language: string }[][] }>();
  expect(detections.map(([first]) => first?.language)).toEqual(['en', 'de', undefined]);
});

describe('the client of DeepL', () => {
  const client = (key = api.keys.viewer) => new Translator(key, { serverUrl: url, maxRetries: 1 });

  it('translates, with a glossary and with tags', async () => {
    const [one, two] = await client().translateText(['The red car is old.', 'Add to cart'], null, 'de');
    expect(one).toMatchObject({ text: 'Das rot Wagen ist alt.', detectedSourceLang: 'en', billedCharacters: 19 });
    expect(two?.text).toBe('In den Warenkorb');
    const term = await client().translateText('The red car is old.', 'en', 'de', { glossary: 'parts' });
    expect(term.text).toContain('Fahrzeug');
    const html = await client().translateText('<p>The <b>key</b> is new.</p>', 'en', 'de', { tagHandling: 'html' });
    expect(html.text).toMatch(/^<p>.*<b>.*<\/b>.*<\/p>$/);
  });

  it('lists languages and usage', async () => {
    expect(await client().getSourceLanguages()).toEqual([{ code: 'en', name: 'English' }]);
    expect(await client().getTargetLanguages()).toEqual([{ code: 'de', name: 'German', supportsFormality: false }]);
    const before = (await client().getUsage()).character?.count ?? 0;
    await client().translateText('The car is old.', 'en', 'de');
    expect((await client().getUsage()).character?.count).toBe(before + 15);
  });

  it('hears of faults as from DeepL', async () => {
    await expect(client('prn_nope').translateText('x', 'en', 'de')).rejects.toThrow(/Authorization failure/);
    await expect(client().translateText('The car', 'en', 'ja')).rejects.toThrow(/Bad request.*en to ja/);
    await expect(client().translateText('The car', 'en', 'de', { glossary: 'nope' })).rejects.toThrow(
      /Not found.*nope/,
    );
    await expect(client().translateText('The car', 'en', 'de', { formality: 'more' })).rejects.toThrow(/formality/);
  });
});

describe('a client of LibreTranslate', () => {
  const post = (path: string, body: object) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const key = () => ({ api_key: api.keys.viewer });

  it('translates with the key in the body, as JSON or as a form', async () => {
    const one = await post('/translate', {
      q: 'The red car is old.',
      source: 'en',
      target: 'de',
      format: 'text',
      ...key(),
    });
    expect(await one.json()).toEqual({ translatedText: 'Das rot Wagen ist alt.' });
    const many = await post('/translate', {
      q: ['Add to cart'],
      source: 'auto',
      target: 'de',
      alternatives: 1,
      ...key(),
    });
    expect(await many.json()).toEqual({
      translatedText: ['In den Warenkorb'],
      detectedLanguage: [{ language: 'en', confidence: expect.any(Number) }],
      alternatives: [[]],
    });
    const form = new URLSearchParams({ q: 'Add to cart', source: 'en', target: 'de', ...key() });
    expect(await (await fetch(`${url}/translate`, { method: 'POST', body: form })).json()).toEqual({
      translatedText: 'In den Warenkorb',
    });
  });

  it('detects and lists languages', async () => {
    const found = await post('/detect', { q: 'The customer has not paid this order yet.', ...key() });
    expect(((await found.json()) as unknown[])[0]).toEqual({ language: 'en', confidence: expect.any(Number) });
    const listed = await fetch(`${url}/languages?api_key=${api.keys.viewer}`);
    expect(await listed.json()).toContainEqual({ code: 'en', name: 'English', targets: ['de'] });
  });

  it('hears of faults in its way', async () => {
    const unknown = await post('/translate', { q: 'x', source: 'en', target: 'ja', ...key() });
    expect([unknown.status, await unknown.json()]).toMatchObject([400, { error: expect.stringContaining('en to ja') }]);
    expect((await post('/translate', { q: 'x', source: 'en', target: 'de' })).status).toBe(401);
    expect((await post('/translate', { q: 'x', source: 'en', target: 'de', api_key: 'no' })).status).toBe(403);
  });
});
