import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storeTinyModel, trainTinyModel } from '../../bench/tiny-translation-model.ts';
import { type TranslateFileOptions, translateFile } from '../../cli/translate-file.ts';
import { loadConfig } from '../../config/index.ts';
import { formatVersion } from '../../domain/nlp/translator/index.ts';
import { fileArtifactStore } from '../../storage/artifacts/file.ts';
import { type Database, openDatabase } from '../../storage/postgres/index.ts';
import { freshDatabase } from '../support/servers.ts';

const folder = mkdtempSync(join(tmpdir(), 'translate-'));
const file = (name: string, text?: string): string => {
  const path = join(folder, name);
  if (text !== undefined) writeFileSync(path, text);
  return path;
};
let database: Database;
let drop: () => Promise<void>;
let base: TranslateFileOptions;
beforeAll(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  database = await openDatabase({ url: fresh.url, pool: 3, secretKey: randomBytes(32) });
  const artifacts = fileArtifactStore(join(folder, 'artifacts'));
  const artifact = await storeTinyModel(artifacts, await trainTinyModel());
  const model = { model: 'translation-en-de', formatVersion, artifact, metrics: {}, lineage: {}, runId: 'test' };
  await database.models.add(model);
  await database.models.setAlias('translation-en-de', 'champion', 1, 'test', 'the first');
  base = {
    pair: { source: 'en', target: 'de' },
    glossary: [],
    memory: [],
    threshold: 0.7,
    beam: 1,
    model: 'champion',
    precision: 'int8',
    split: false,
    in: file('in.txt', 'The red car is old.\n\nThe door is heavy. The key is new.\r\n42\nAdd to cart\n'),
    out: file('out.txt'),
    config: loadConfig({ PERENNIAL_SERVING_THREADS: '1' }),
    database,
    artifacts,
    signal: new AbortController().signal,
    progress: () => {},
  };
});
afterAll(async () => {
  await database.close();
  await drop();
  rmSync(folder, { recursive: true, force: true });
});

it('translates line by line, with terms and memories out of files', async () => {
  const steps: number[] = [];
  const report = await translateFile({
    ...base,
    split: true,
    glossary: [file('terms.csv', 'source,target\ncar,Fahrzeug\n')],
    memory: [file('shop.tsv', 'Add to cart\tIn den Warenkorb\n')],
    progress: (done) => steps.push(done),
  });
  expect(readFileSync(base.out, 'utf8').split('\n')).toEqual([
    'Das rot Fahrzeug ist alt.',
    '',
    'Das Tür ist schwer. Das Schlüssel ist neu.',
    '42',
    'In den Warenkorb',
    '',
  ]);
  expect(report).toMatchObject({
    lines: 5,
    exact: 1,
    terms: 1,
    termsUsed: 1,
    model: { name: 'translation-en-de', version: 1 },
  });
  expect(steps).toEqual([5]);
});

it('takes glossaries and memories of the installation by their ids', async () => {
  const made = { name: 'x', source: 'en', target: 'de', domain: '', by: 'test' };
  await database.glossaries.create({ id: 'none-yet', ...made }, new Date());
  const report = await translateFile({ ...base, glossary: ['none-yet'] });
  expect(report).toMatchObject({ lines: 5, terms: 0 });
  await expect(translateFile({ ...base, glossary: ['nope'] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('leaves no half of a file behind', async () => {
  const stop = new AbortController();
  stop.abort();
  const out = file('cancelled.txt');
  await expect(translateFile({ ...base, out, signal: stop.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  await expect(translateFile({ ...base, out, in: file('absent.txt') })).rejects.toMatchObject({
    code: 'SOURCE_INVALID',
  });
  await expect(translateFile({ ...base, out, glossary: [file('terms.docx', 'x')] })).rejects.toMatchObject({
    code: 'SOURCE_INVALID',
  });
  expect((await readdir(folder)).filter((name) => name.startsWith('cancelled'))).toEqual([]);
});
