import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DocumentRecord } from '../../contracts/documents.ts';
import { forgetDocuments } from '../../domain/documents/index.ts';
import { formatVersion } from '../../domain/nlp/translator/index.ts';
import type { StepContext, StepServices } from '../../domain/ports/step-context.ts';
import { translateDocument } from '../../pipelines/translate-document/index.ts';
import type { TranslateDocumentParams } from '../../pipelines/translate-document/params.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
  const artifact = await api.artifacts.putBytes(Buffer.from('no document needs it here'));
  const model = { model: 'translation-en-de', formatVersion, artifact, metrics: {}, lineage: {}, runId: 'test' };
  await api.database.models.add(model);
  await api.database.models.setAlias('translation-en-de', 'champion', 1, 'test', 'the first');
});
afterAll(() => api.close());

const dayMs = 86_400_000;
const forget = (inDays: number, keepDays: number | null = 30, documentFiles = api.documentFiles) =>
  forgetDocuments(
    { ...api.database, documentFiles },
    new Date(Date.now() + inDays * dayMs),
    keepDays === null ? null : keepDays * dayMs,
  );
const call = (method: string, id: string, path = '') =>
  api.call(method, `/v1/documents/${id}${path}`, { key: api.keys.operator });
const look = async (id: string) => (await call('GET', id)).json<DocumentRecord>();
const folders = (): Promise<string[]> => readdir(api.documentFolder);

async function send(text: string, headers: Record<string, string> = {}): Promise<DocumentRecord> {
  const key = api.keys.operator;
  const body = Buffer.from(text);
  return (await api.call('POST', '/v1/documents?name=a.txt&source=en&target=de', { key, body, headers })).json();
}

/** Ends the translation of a document as a worker does. */
async function translated({ id, run }: DocumentRecord, text: string): Promise<void> {
  const result = await api.documentFiles.of(id).putBytes(Buffer.from(text));
  const segments = { total: 1, exact: 0, fuzzy: 0, model: 1, mixed: 0, copied: 0 };
  const terms = { applied: 0, missed: 0, enforced: 0 };
  const evidence = { segments, kept: 0, terms, warnings: {}, model: null, detected: null };
  await api.database.documents.finish(id, { result, source: 'en', characters: text.length, evidence });
  await api.database.runs.apply(run, [{ kind: 'run', status: 'succeeded' }]);
}

describe('documents', () => {
  it('lose their files when they are old, and say so', async () => {
    const [done, open] = [await send('One.', { 'idempotency-key': 'old' }), await send('Two.')];
    await translated(done, 'Eins.');
    await forget(29);
    expect((await call('GET', done.id, '/content')).body).toBe('Eins.');
    await forget(31);
    expect(await look(done.id)).toMatchObject({
      status: 'expired',
      expiredAt: expect.any(String),
      name: 'a.txt',
      evidence: { segments: { total: 1 } },
    });
    const content = await call('GET', done.id, '/content');
    expect([content.statusCode, content.json()]).toMatchObject([
      410,
      { code: 'GONE', detail: expect.stringContaining('has expired'), remedy: expect.stringContaining('again') },
    ]);
    expect(await folders()).toEqual([open.id]);
    expect((await look(open.id)).status).toBe('queued');
    const listed = (await api.call('GET', '/v1/documents?status=expired')).json<{ documents: DocumentRecord[] }>();
    expect(listed.documents.map(({ id }) => id)).toEqual([done.id]);
    expect(await send('One.', { 'idempotency-key': 'old' })).toMatchObject({ id: done.id, status: 'expired' });
    expect((await call('DELETE', done.id)).statusCode).toBe(204);
    expect((await call('GET', done.id)).statusCode).toBe(404);
  });

  it('stay for ever where it is wanted', async () => {
    const document = await send('Three.');
    await translated(document, 'Drei.');
    await forget(36_500, null);
    expect((await call('GET', document.id, '/content')).body).toBe('Drei.');
  });

  it('of which two have the same content keep it each for themselves', async () => {
    const [old, young] = [await send('Same.'), await send('Same.')];
    for (const document of [old, young]) await translated(document, 'Gleich.');
    const { runs, documents } = api.database;
    await runs.restart(young.run, { execution: 1, reset: [], skip: [], by: 'the test' });
    await forget(31);
    await runs.apply(young.run, [{ kind: 'run', status: 'succeeded' }], 2);
    expect((await documents.get(old.id))?.status).toBe('expired');
    expect((await call('GET', young.id, '/content')).body).toBe('Gleich.');
  });

  it('that have expired are not translated by a run that is retried', async () => {
    const document = await send('Four.');
    await translated(document, 'Vier.');
    await forget(31);
    const services: Partial<StepServices> = { ...api.database, documentFiles: api.documentFiles };
    const context = { params: { document: document.id }, services };
    const retried = translateDocument.steps['translate']?.run?.(context as StepContext<TranslateDocumentParams>);
    await expect(retried).rejects.toMatchObject({ code: 'GONE', retry: false, remedy: expect.any(String) });
  });

  it('are told as failed to DeepL’s clients', async () => {
    const form = new FormData();
    form.append('file', new Blob(['Five.']), 'five.txt');
    for (const [name, value] of Object.entries({ source_lang: 'EN', target_lang: 'DE' })) form.append(name, value);
    const url = await api.app.listen({ port: 0, host: '127.0.0.1' });
    const headers = { authorization: `DeepL-Auth-Key ${api.keys.operator}` };
    const post = async (path: string, body: FormData | URLSearchParams) => {
      const answer = await fetch(`${url}/v2/document${path}`, { method: 'POST', headers, body });
      return { status: answer.status, body: (await answer.json()) as Record<string, string> };
    };
    const { document_id = '', document_key = '' } = (await post('', form)).body;
    await translated(await look(document_id), 'Fünf.');
    await forget(31);
    const key = new URLSearchParams({ document_key });
    expect((await post(`/${document_id}`, key)).body).toMatchObject({
      status: 'error',
      error_message: expect.stringContaining('expired'),
    });
    expect((await post(`/${document_id}/result`, key)).status).toBe(410);
  });
});

describe('files that no document keeps', () => {
  it('are removed after a day: of an upload whose process died, and what a removed translation still stored', async () => {
    await forget(1_000);
    const before = await folders();
    const lost = '00000000-0000-4000-8000-000000000000';
    await api.database.documents.reserve(lost);
    await api.documentFiles.of(lost).putBytes(Buffer.from('half a'));
    const removed = await send('Six.');
    await call('DELETE', removed.id);
    await api.documentFiles.of(removed.id).putBytes(Buffer.from('Sechs.'));
    await forget(0.9, null);
    expect((await folders()).sort()).toEqual([...before, lost, removed.id].sort());
    await forget(1.1, null);
    expect(await folders()).toEqual(before);
  });

  it('are tried again where the disk refuses, and do not keep others from being removed', async () => {
    const [stuck, other] = [await send('Seven.'), await send('Eight.')];
    for (const document of [stuck, other]) await translated(document, 'x');
    const refusing: typeof api.documentFiles = {
      ...api.documentFiles,
      remove: (id) => (id === stuck.id ? Promise.reject(new Error('EACCES')) : api.documentFiles.remove(id)),
    };
    await expect(forget(31, 30, refusing)).rejects.toThrow(/files of 1 documents could not be removed.*EACCES/);
    expect(await folders()).toContain(stuck.id);
    expect(await folders()).not.toContain(other.id);
    expect((await call('GET', stuck.id, '/content')).statusCode).toBe(410);
    await forget(31);
    expect(await folders()).not.toContain(stuck.id);
  });
});
