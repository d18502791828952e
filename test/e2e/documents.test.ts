import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Translator } from 'deepl-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storeTinyModel, trainTinyModel } from '../../bench/tiny-translation-model.ts';
import type { RunDetail } from '../../cli/runs.ts';
import type { DocumentRecord } from '../../contracts/documents.ts';
import { Zip } from '../../domain/nlp/documents/zip.ts';
import { formatVersion } from '../../domain/nlp/translator/index.ts';
import { fileArtifactStore } from '../../storage/artifacts/file.ts';
import { openDatabase } from '../../storage/postgres/index.ts';
import { docx, paragraph } from '../support/docx.ts';
import { type Installation, startInstallation } from '../support/installation.ts';
import { perennial } from '../support/perennial.ts';

const folder = mkdtempSync(join(tmpdir(), 'perennial-documents-'));
let installation: Installation;

beforeAll(async () => {
  installation = await startInstallation();
  const artifact = await storeTinyModel(
    fileArtifactStore(join(installation.home, 'artifacts')),
    await trainTinyModel(),
  );
  const database = await openDatabase({ url: installation.env['DATABASE_URL'] ?? '', pool: 1 });
  const model = { model: 'translation-en-de', formatVersion, artifact, metrics: {}, lineage: {}, runId: 'test' };
  await database.models.add(model);
  await database.models.setAlias('translation-en-de', 'champion', 1, 'test', 'the first');
  await database.close();
}, 240_000);
afterAll(async () => {
  await installation.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string, content?: string | Uint8Array): string => {
  const path = join(folder, name);
  if (content !== undefined) writeFileSync(path, content);
  return path;
};

/** Sends a document and follows its run to the end. */
async function translated(name: string, content: string | Uint8Array, onProgress?: (id: string) => Promise<void>) {
  const { api } = installation;
  const body = createReadStream(file(name, content)) as AsyncIterable<Uint8Array>;
  const query = new URLSearchParams({ name, source: 'en', target: 'de' });
  const { id, run } = await api.upload<DocumentRecord>(`/v1/documents?${query}`, body, 'application/octet-stream');
  const units = new Set<unknown>();
  for await (const { type, data } of api.events(run)) {
    if (type !== 'progress') continue;
    units.add(data['unit']);
    await onProgress?.(id);
    onProgress = undefined;
  }
  return { id, run, units };
}

const bold = '<w:b/>';

it('translates Word documents, several at a time, and tells how far it is', async () => {
  const { api } = installation;
  const source = docx(paragraph('The ', ['red', bold], ' car is old.') + paragraph('The door is open.'));
  const done = await Promise.all(['1.docx', '2.docx', '3.docx'].map((name) => translated(name, source)));
  for (const { id, units } of done) {
    expect(units).toEqual(new Set(['segments']));
    expect(await api.get<DocumentRecord>(`/v1/documents/${id}`)).toMatchObject({
      status: 'succeeded',
      progress: { done: 2, total: 2 },
      evidence: { segments: { total: 2, model: 2 }, model: { name: 'translation-en-de', version: 1 } },
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of await api.download(`/v1/documents/${id}/content`)) chunks.push(chunk);
    const zip = new Zip(Buffer.concat(chunks), { entries: 10, part: 1e6, total: 1e6 });
    const xml = Buffer.from(zip.read('word/document.xml') ?? []).toString();
    expect(xml).toContain('Das Tür ist offen.');
    expect(xml).toMatch(/<w:rPr><w:b\/><\/w:rPr><w:t[^>]*>[^<]+<\/w:t>/);
  }
}, 120_000);

it('says what is wrong with a document, and does not try it again', async () => {
  const { api } = installation;
  const { id, run } = await translated('broken.docx', 'this is no zip');
  expect(await api.get<DocumentRecord>(`/v1/documents/${id}`)).toMatchObject({
    status: 'failed',
    error: { code: 'SOURCE_INVALID', message: expect.stringContaining('no readable zip archive') },
  });
  const { steps } = await api.get<RunDetail>(`/v1/runs/${run}`);
  expect(steps[0]?.attempts).toHaveLength(1);
});

it('stops when its document is removed', async () => {
  const { api } = installation;
  const text = Array.from({ length: 20_000 }, (_, i) => `The red car is old. Number ${i}.`).join('\n');
  const { id, run } = await translated('long.txt', text, (removed) => api.delete(`/v1/documents/${removed}`));
  expect((await api.get<RunDetail>(`/v1/runs/${run}`)).status).toBe('cancelled');
  await expect(api.get(`/v1/documents/${id}`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
}, 120_000);

it('serves the client of DeepL', async () => {
  const client = new Translator(installation.key, { serverUrl: installation.api.url, maxRetries: 1 });
  const out = file('out.html');
  const page = file('page.html', '<html lang="en"><body><p>The <b>red</b> car is old.</p></body></html>');
  const done = await client.translateDocument(page, out, 'en', 'de');
  expect(done).toMatchObject({ status: 'done', billedCharacters: expect.any(Number) });
  expect(readFileSync(out, 'utf8')).toMatch(/^<html lang="de"><head><\/head><body><p>.*<b>.*<\/b>.*<\/p>/);
  const handle = await client.uploadDocument(page, 'en', 'de');
  const again = client.downloadDocument({ ...handle, documentKey: 'X' }, createWriteStream(file('none.html')));
  await expect(again).rejects.toThrow(/document_key/);
  const bad = file('bad.po', 'nonsense');
  await expect(client.translateDocument(bad, file('bad.de.po'), null, 'de')).rejects.toThrow(/Line 1 is no PO/);
  await expect(client.translateDocument(page, file('ja.html'), 'en', 'ja')).rejects.toThrow(/en to ja/);
  const formal = client.translateDocument(page, file('formal.html'), 'en', 'de', { formality: 'more' });
  await expect(formal).rejects.toThrow(/formality/);
}, 120_000);

it('serves the command, which keeps nothing behind', async () => {
  const env = {
    PERENNIAL_URL: installation.api.url,
    PERENNIAL_API_KEY: installation.key,
    PERENNIAL_HOME: installation.home,
  };
  const [input, out] = [file('app.po', 'msgid "The car is old."\nmsgstr ""\n'), file('app.de.po')];
  const translate = (...args: string[]) =>
    perennial(['translate', '--pair', 'en-de', '--in', input, '--out', out, ...args], env);
  const ids = async () =>
    (await installation.api.get<{ documents: DocumentRecord[] }>('/v1/documents')).documents.map(({ id }) => id);
  const before = await ids();
  const done = await translate();
  expect(done).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^1 segments with 15 characters by version 1 of/),
  });
  expect(readFileSync(out, 'utf8')).toBe('msgid "The car is old."\nmsgstr "Das Wagen ist alt."\n');
  expect(JSON.parse((await translate('--json')).stdout)).toMatchObject({ out, evidence: { segments: { total: 1 } } });
  expect(await translate('--glossary', 'terms.csv')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('perennial glossaries import'),
  });
  expect(await translate('--beam', '2')).toMatchObject({ code: 2, stderr: expect.stringContaining('--beam') });
  expect(await ids()).toEqual(before);
}, 120_000);
