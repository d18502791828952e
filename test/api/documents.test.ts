import { readdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeTinyModel, trainTinyModel } from '../../bench/tiny-translation-model.ts';
import { type DocumentRecord, documentLimits } from '../../contracts/documents.ts';
import { formatVersion } from '../../domain/nlp/translator/index.ts';
import { translateAs } from '../support/document-worker.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
  const artifact = await storeTinyModel(api.artifacts, await trainTinyModel());
  const model = { model: 'translation-en-de', formatVersion, artifact, metrics: {}, lineage: {}, runId: 'test' };
  await api.database.models.add(model);
  await api.database.models.setAlias('translation-en-de', 'champion', 1, 'test', 'the first');
  await api.call('POST', '/v1/memories', { body: { id: 'shop', source: 'en', target: 'de' } });
  await api.call('POST', '/v1/memories/shop/entries', {
    body: { entries: [{ source: 'Add to cart', target: 'In den Warenkorb' }] },
  });
  await api.call('POST', '/v1/glossaries', { body: { id: 'parts', source: 'en', target: 'de' } });
  await api.call('POST', '/v1/glossaries/parts/terms', { body: { terms: [{ source: 'car', target: 'Fahrzeug' }] } });
});
afterAll(() => api.close());

const send = (
  query: string,
  content: string | Uint8Array | Readable,
  headers: Record<string, string> = {},
  key?: string,
) =>
  api.call('POST', `/v1/documents?${query}`, {
    body: typeof content === 'string' ? Buffer.from(content) : content,
    headers,
    key: key ?? api.keys.operator,
  });
const look = async (id: string, key = api.keys.operator) =>
  (await api.call('GET', `/v1/documents/${id}`, { key })).json<DocumentRecord>();
const content = (id: string, key = api.keys.operator) => api.call('GET', `/v1/documents/${id}/content`, { key });

describe('POST /v1/documents', () => {
  it('takes a file, translates it and gives it back, with evidence', async () => {
    const text = 'The red car is old.\n\nAdd to cart\nThe red car is old.\n42\n';
    const stream = Readable.from([Buffer.from(text.slice(0, 9)), Buffer.from(text.slice(9))]);
    const answer = await send('name=liste%20ä.txt&source=en&target=de&glossaries=parts', stream);
    expect(answer.statusCode).toBe(202);
    const document = answer.json<DocumentRecord>();
    expect(answer.headers['location']).toBe(`/v1/documents/${document.id}`);
    expect(document).toMatchObject({
      name: 'liste ä.txt',
      format: 'txt',
      source: 'en',
      target: 'de',
      status: 'queued',
      progress: null,
      evidence: null,
      bytes: Buffer.byteLength(text),
      options: { glossaries: ['parts'], memory: true, threshold: 0.7, model: 'champion', existing: 'keep' },
    });
    expect(Object.keys(document)).not.toContain('owner');
    const early = await content(document.id);
    expect([early.statusCode, early.json()]).toMatchObject([409, { detail: expect.stringContaining('is queued') }]);
    const { progress } = await translateAs(api, document);
    expect([progress.at(0), progress.at(-1)]).toEqual([
      [0, 3],
      [3, 3],
    ]);
    expect(await look(document.id)).toMatchObject({
      status: 'succeeded',
      characters: 49,
      error: null,
      evidence: {
        segments: { total: 3, exact: 1, fuzzy: 0, model: 2, mixed: 0, copied: 0 },
        terms: { applied: 2, missed: 0 },
        model: { name: 'translation-en-de', version: 1 },
        detected: null,
      },
    });
    const done = await content(document.id);
    expect(done.body).toBe('Das rot Fahrzeug ist alt.\n\nIn den Warenkorb\nDas rot Fahrzeug ist alt.\n42\n');
    expect(done.headers).toMatchObject({
      'content-type': 'text/plain',
      'content-disposition': `attachment; filename="liste _.de.txt"; filename*=UTF-8''liste%20%C3%A4.de.txt`,
    });
  });

  it('knows the format by the content type, and the language by the text', async () => {
    const page = '<p>The red car is old.</p>';
    const document = (
      await send('target=de&memory=false', page, { 'content-type': 'text/html; charset=utf-8' })
    ).json();
    expect(document).toMatchObject({ name: 'document.html', format: 'html', source: null, options: { memory: false } });
    await translateAs(api, document);
    expect(await look(document.id)).toMatchObject({ source: 'en', evidence: { detected: expect.any(Number) } });
    const done = await content(document.id);
    expect([done.body, done.headers['content-type']]).toEqual(['<p>Das rot Wagen ist alt.</p>', 'text/html']);
  });

  it('fails with the reason when the file is not what it says, and leaves nothing half-written', async () => {
    const document = (await send('name=a.po&source=en&target=de', 'msgid "a"\nnonsense\n')).json<DocumentRecord>();
    await translateAs(api, document);
    expect(await look(document.id)).toMatchObject({
      status: 'failed',
      evidence: null,
      error: { code: 'SOURCE_INVALID', message: expect.stringContaining('Line 2'), remedy: expect.any(String) },
    });
    const refused = await content(document.id);
    expect([refused.statusCode, refused.json()]).toMatchObject([409, { detail: expect.stringContaining('Line 2') }]);
  });

  it('stops when it is told to', async () => {
    const document = (await send('name=a.txt&source=en&target=de', 'The car is old.')).json<DocumentRecord>();
    await translateAs(api, document, AbortSignal.abort());
    expect(await look(document.id)).toMatchObject({ status: 'failed', error: { code: 'CANCELLED' } });
  });

  it.each([
    ['no target', 'name=a.txt', 400, 'query.target'],
    ['no format', 'target=de', 400, 'which format'],
    ['a format that is none', 'target=de&format=pdf', 400, 'query.format'],
    ['an unknown pair', 'name=a.txt&source=en&target=ja', 404, 'en to ja'],
    ['an unknown target', 'name=a.txt&target=ja', 404, 'into ja'],
    ['one language', 'name=a.txt&source=de&target=de', 400, '"de"'],
    ['a tag that is none', 'name=a.txt&source=en&target=de%20de', 400, 'target'],
    ['an unknown glossary', 'name=a.txt&source=en&target=de&glossaries=parts,nope', 404, '"nope"'],
    ['an unknown memory', 'name=a.txt&source=en&target=de&memories=nope', 404, '"nope"'],
    ['an unknown version', 'name=a.txt&source=en&target=de&model=77', 404, '"77"'],
    ['a threshold of nothing', 'name=a.txt&target=de&threshold=0.1', 400, 'query.threshold'],
    ['an unknown field', 'name=a.txt&target=de&lang=de', 400, 'query.lang'],
  ])('refuses %s before it reads the file', async (_what, query, status, words) => {
    const answer = await send(query, 'x');
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ detail: expect.stringContaining(words), remedy: expect.any(String) });
  });

  it('refuses what is empty or too large, and keeps nothing of it', async () => {
    expect((await send('name=a.txt&source=en&target=de', '')).json()).toMatchObject({ code: 'VALIDATION_FAILED' });
    const chunk = Buffer.alloc(2 ** 20, 'a');
    const large = Readable.from(Array.from({ length: documentLimits.bytes / 2 ** 20 + 1 }, () => chunk));
    const answer = await send('name=a.txt&source=en&target=de', large);
    expect([answer.statusCode, answer.json()]).toMatchObject([413, { detail: expect.stringContaining('50 MiB') }]);
    const { documents } = (await api.call('GET', '/v1/documents')).json<{ documents: DocumentRecord[] }>();
    expect(documents.every(({ bytes }) => bytes > 0 && bytes < 1000)).toBe(true);
  });
});

describe('an idempotency key', () => {
  const query = 'name=a.txt&source=en&target=de';
  const text = 'The car is old.';
  const keyed = (word: string, file = text, more = '', key?: string) =>
    send(query + more, file, { 'idempotency-key': word }, key);
  const folders = async (): Promise<string[]> => (await readdir(api.documentFolder)).sort();

  it('makes one document of a request, however often and at a time it is sent', async () => {
    const before = await folders();
    const answers = await Promise.all([1, 2, 3, 4].map(() => keyed('monday')));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202, 202, 202]);
    const sent = answers.map((answer) => answer.json<DocumentRecord & { created: boolean }>());
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    expect(new Set(sent.map(({ run }) => run)).size).toBe(1);
    expect(sent.filter(({ created }) => created)).toHaveLength(1);
    const document = sent[0] as DocumentRecord;
    expect((await folders()).filter((id) => !before.includes(id))).toEqual([document.id]);
    await translateAs(api, document);
    const again = await keyed('monday');
    expect(again.headers['location']).toBe(`/v1/documents/${document.id}`);
    expect(again.json()).toMatchObject({ id: document.id, status: 'succeeded', created: false });
    expect((await content(document.id)).body).toBe('Das Wagen ist alt.');
  });

  it('is refused for another file or other options, of which nothing is kept', async () => {
    await keyed('tuesday');
    const before = await folders();
    for (const other of [await keyed('tuesday', 'The door is open.'), await keyed('tuesday', text, '&memory=false')]) {
      expect(other.statusCode).toBe(409);
      expect(other.json()).toMatchObject({
        code: 'IDEMPOTENCY_CONFLICT',
        detail: expect.stringContaining('"tuesday"'),
      });
    }
    expect(await folders()).toEqual(before);
  });

  it('counts for the key of the API that sent it only', async () => {
    const other = await api.makeKey('operator');
    const [mine, theirs] = [(await keyed('mine')).json(), (await keyed('mine', text, '', other.key)).json()];
    expect(theirs).toMatchObject({ created: true });
    expect(theirs.id).not.toBe(mine.id);
    expect((await keyed('mine', 'The door is open.', '', (await api.makeKey('operator')).key)).statusCode).toBe(202);
  });

  it('goes on with a request that broke off before its document was written down', async () => {
    const document = (await keyed('broken')).json<DocumentRecord>();
    await api.database.documents.remove(document.id);
    await api.documentFiles.remove(document.id);
    expect((await keyed('broken')).json()).toMatchObject({ id: document.id, run: document.run, created: false });
    await translateAs(api, document);
    expect(await look(document.id)).toMatchObject({ status: 'succeeded' });
  });

  it('does not bring back what was removed', async () => {
    const document = (await keyed('gone')).json<DocumentRecord>();
    await translateAs(api, document);
    await api.call('DELETE', `/v1/documents/${document.id}`, { key: api.keys.operator });
    const before = await folders();
    const again = await keyed('gone');
    expect([again.statusCode, again.json()]).toMatchObject([
      410,
      { code: 'GONE', remedy: expect.stringMatching(/new/) },
    ]);
    expect(await folders()).toEqual(before);
  });

  it('has a length', async () => {
    const long = await keyed('x'.repeat(201));
    expect([long.statusCode, long.json()]).toMatchObject([400, { detail: expect.stringContaining('idempotency-key') }]);
  });
});

it('shows documents to the key that sent them and to administrators, in pages', async () => {
  const other = await api.makeKey('operator');
  const made: DocumentRecord[] = [];
  for (const name of ['1.txt', '2.txt', '3.txt'])
    made.push((await send(`name=${name}&source=en&target=de`, 'The car is old.', {}, other.key)).json());
  const list = async (key: string, query = '') =>
    (await api.call('GET', `/v1/documents${query}`, { key })).json<{
      documents: DocumentRecord[];
      next: string | null;
    }>();
  expect((await list(other.key)).documents.map(({ name }) => name)).toEqual(['3.txt', '2.txt', '1.txt']);
  const first = await list(other.key, '?limit=2&status=queued');
  expect(first.documents).toHaveLength(2);
  const second = await list(other.key, `?limit=2&status=queued&cursor=${first.next}`);
  expect([second.documents.map(({ name }) => name), second.next]).toEqual([['1.txt'], null]);
  const ids = (await list(api.keys.operator)).documents.map(({ id }) => id);
  expect(made.some(({ id }) => ids.includes(id))).toBe(false);
  expect((await list(api.keys.admin, '?limit=500')).documents.length).toBeGreaterThan(3);
  const id = made[0]?.id ?? '';
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/content'],
    ['DELETE', ''],
  ] as const)
    expect((await api.call(method, `/v1/documents/${id}${path}`, { key: api.keys.operator })).statusCode).toBe(404);
  expect((await api.call('GET', `/v1/documents/${id}`, { key: null })).statusCode).toBe(401);
  expect((await api.call('GET', `/v1/documents/${id}`)).statusCode).toBe(200);
});

it('removes a document with its files, and cancels its run', async () => {
  const document = (await send('name=a.txt&source=en&target=de', 'The car is old.')).json<DocumentRecord>();
  const { input } = (await api.database.documents.get(document.id)) ?? {};
  const remove = () => api.call('DELETE', `/v1/documents/${document.id}`, { key: api.keys.operator });
  expect((await remove()).statusCode).toBe(204);
  expect((await remove()).statusCode).toBe(404);
  expect(input && (await api.documentFiles.of(document.id).has(input))).toBe(false);
  // Its workflow hears of it as soon as a worker runs it.
  await translateAs(api, document);
  expect((await content(document.id)).statusCode).toBe(404);
});

describe('the routes for DeepL’s clients', () => {
  let url: string;
  beforeAll(async () => {
    url = await api.app.listen({ port: 0, host: '127.0.0.1' });
  });
  const post = async (path: string, body: FormData | URLSearchParams | string, key = api.keys.operator) => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `DeepL-Auth-Key ${key}` },
      body,
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };
  const form = (fields: Record<string, string>, ...files: [name: string, content: string | Uint8Array][]) => {
    const data = new FormData();
    for (const [name, content] of files) data.append('file', new Blob([content as string]), name);
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    return data;
  };

  it('take a document, tell how far it is, and give it only to who has its key', async () => {
    const sent = await post(
      '/v2/document',
      form({ target_lang: 'DE', source_lang: 'EN' }, ['a.txt', 'The car is old.']),
    );
    expect(sent).toMatchObject({
      status: 200,
      body: { document_id: expect.any(String), document_key: expect.any(String) },
    });
    const { document_id: id = '', document_key = '' } = sent.body;
    const key = new URLSearchParams({ document_key });
    expect(await post(`/v2/document/${id}`, key)).toMatchObject({ status: 200, body: { status: 'queued' } });
    expect(await post(`/v2/document/${id}/result`, key)).toMatchObject({ status: 503 });
    expect(await post(`/v2/document/${id}`, new URLSearchParams({ document_key: 'x' }))).toMatchObject({ status: 404 });
    expect(await post(`/v2/document/${id}`, key, api.keys.viewer)).toMatchObject({ status: 404 });
    await translateAs(api, await look(id));
    expect(await post(`/v2/document/${id}`, key)).toMatchObject({ body: { status: 'done', billed_characters: 15 } });
  });

  it('refuse what is no document, and keep nothing of it', async () => {
    const count = async () =>
      (await api.call('GET', '/v1/documents?limit=500')).json<{ documents: [] }>().documents.length;
    const before = await count();
    const target = { target_lang: 'de' };
    const file: [string, string] = ['a.txt', 'x'];
    for (const [data, status, words] of [
      [form(target), 400, 'no file'],
      [form({}, file), 400, 'target_lang'],
      [form(target, file, file), 400, 'file'],
      [form(target, ['a.pdf', 'x']), 400, 'which format'],
      [form({ ...target, output_format: 'pdf' }, file), 400, 'output_format'],
      [form({ ...target, glossary_id: 'nope', source_lang: 'en' }, file), 404, 'nope'],
      [form(target, ['a.txt', Buffer.alloc(documentLimits.bytes + 10, 'a')]), 413, '50 MiB'],
      [new URLSearchParams(target), 415, 'urlencoded'],
    ] as const) {
      const answer = await post('/v2/document', data);
      expect([answer.status, answer.body['message']], words).toEqual([status, expect.stringContaining(words)]);
    }
    expect(await count()).toBe(before);
  });
});
