import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGlossaryService, createMemoryService } from '../../domain/nlp/language-data/index.ts';
import { type Database, openDatabase } from '../../storage/postgres/index.ts';
import { freshDatabase } from '../support/servers.ts';
import { fuzzFile } from '../unit/nlp/formats/fuzz-files.ts';

let database: Database;
let drop: () => Promise<void>;
let now = new Date('2026-11-24T12:00:00Z');
const clock = { now: () => now };
const memories = () => createMemoryService({ memories: database.memories, clock });
const glossaries = () => createGlossaryService({ glossaries: database.glossaries, clock });
beforeAll(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  database = await openDatabase({ url: fresh.url, pool: 5 });
});
afterAll(async () => {
  await database.close();
  await drop();
});

const entry = (source: string, target: string, context = '') => ({ source, target, context, domain: '', note: '' });
const by = 'ada';
const fuzzed = 100;

it('finds what has exactly the source, whatever its white space, in the memories that are asked', async () => {
  for (const id of ['a', 'b']) await memories().create({ id, source: 'en', target: 'de' }, by);
  await memories().add('a', [entry('Hello  world', 'Hallo Welt'), entry('Hello world', 'Hallo, Welt', 'menu')], { by });
  await memories().add('b', [entry('Hello world', 'Servus')], { by });
  const asked = ['Hello world', ' Hello\nworld', 'hello world'];
  const found = await memories().exact(['a', 'b'], asked);
  expect([...found.keys()]).toEqual(asked.slice(0, 2));
  expect(found.get('Hello world')?.map(({ resource, target, context }) => [resource, target, context])).toEqual([
    ['a', 'Hallo Welt', ''],
    ['a', 'Hallo, Welt', 'menu'],
    ['b', 'Servus', ''],
  ]);
  expect((await memories().exact(['b'], asked)).get('Hello world')).toHaveLength(1);
  expect(await memories().exact([], asked)).toEqual(new Map());
});

it('counts corrections as labelled data until something else takes their place', async () => {
  await memories().create({ id: 'feedback', source: 'en', target: 'de' }, by);
  const before = new Date(now.getTime() - 1);
  await memories().add('feedback', [entry('x', 'machine')], { by });
  expect(await memories().countFeedback('feedback', before)).toBe(0);
  const [corrected] = await memories().add('feedback', [entry('x', 'human')], {
    by: 'bob',
    reason: 'wrong term',
    feedback: true,
  });
  expect(corrected).toMatchObject({ target: 'human', by: 'bob', reason: 'wrong term' });
  expect(await memories().countFeedback('feedback', before)).toBe(1);
  expect(await memories().countFeedback('feedback', now)).toBe(0);
  await memories().delete('feedback', corrected?.id ?? '', { by });
  expect(await memories().countFeedback('feedback', before)).toBe(0);
});

it('says so when what a file is for is removed meanwhile', async () => {
  await memories().create({ id: 'gone', source: 'en', target: 'de' }, by);
  async function* file(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a\tb\n'.repeat(20_000));
    await memories().remove('gone');
    yield Buffer.from('c\td\n'.repeat(20_000));
  }
  await expect(memories().import('gone', file(), { format: 'tsv', by })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('streams a version as it was while another is being made', async () => {
  await memories().create({ id: 'streamed', source: 'en', target: 'de' }, by);
  const rows = (word: string) => [
    Buffer.from(Array.from({ length: 2_500 }, (_, i) => `text ${i}\t${word} ${i}\n`).join('')),
  ];
  await memories().import('streamed', rows('alt'), { format: 'tsv', by });
  const seen: string[] = [];
  for await (const page of await memories().stream('streamed')) {
    if (seen.length === 0) await memories().import('streamed', rows('neu'), { format: 'tsv', by });
    seen.push(...page.map(({ target }) => target));
  }
  expect(seen).toEqual(Array.from({ length: 2_500 }, (_, i) => `alt ${i}`));
});

it('stores whatever good rows broken files have, and every fault', async () => {
  const kinds = {
    csv: 'csv',
    tsv: 'tsv',
    tmx: 'tmx',
    po: 'po',
    xliff: 'xliff',
    xliff2: 'xliff',
    tbx: 'tbx',
    terms: 'csv',
  } as const;
  for (const service of [memories(), glossaries()])
    await service.create({ id: 'fuzz', source: 'en', target: 'de' }, by);
  for (let number = 0; number < fuzzed; number++) {
    // Over all kinds of damage, however few files there are.
    const { format, bytes, kept } = fuzzFile(number * 7);
    const isGlossary = format === 'tbx' || format === 'terms';
    const service = isGlossary ? glossaries() : memories();
    const record = await service.import('fuzz', [bytes], { format: kinds[format], mode: 'replace', by });
    const { counts, faults } = record;
    expect(record.status).toBe('done');
    expect(counts.read).toBe(counts.added + counts.updated + counts.unchanged + counts.duplicate + counts.faulty);
    expect(faults).toHaveLength(Math.min(counts.faulty, 20));
    const { entries } = await service.entries('fuzz', { text: 'guard', limit: 100 });
    expect(entries.map(({ source }) => source)).toEqual(expect.arrayContaining([...kept]));
  }
}, 600_000);

const data = fileURLToPath(new URL('../../../shared/data', import.meta.url));
if (!existsSync(data)) console.warn(`Skipped: the real texts are not at ${data}.`);

describe.skipIf(!existsSync(data))('real files', () => {
  it('come in whole, and go out as what comes in again unchanged', async () => {
    now = new Date('2026-11-25T12:00:00Z');
    const files = [
      ['shop', 'de', 'tsv', 'shopware/train.en-de.tsv', 3_900, 3_971],
      ['jupyter', 'fr', 'po', 'jupyterlab/fr.po', 2_400, 2_681],
    ] as const;
    for (const [id, target, format, file, least, most] of files) {
      await memories().create({ id, source: 'en', target }, by);
      const { counts } = await memories().import(id, [readFileSync(`${data}/${file}`)], { format, file, by });
      expect(counts).toMatchObject({ faulty: 0, updated: 0 });
      expect(counts.added).toBeGreaterThan(least);
      expect(counts.read).toBeLessThanOrEqual(most);
      for (const other of ['tmx', 'csv'] as const) {
        const { text } = await memories().export(id, other);
        const parts: Buffer[] = [];
        for await (const part of text) parts.push(Buffer.from(part));
        const again = await memories().import(id, parts, { format: other, mode: 'replace', by });
        expect(again).toMatchObject({ version: null, counts: { unchanged: counts.added, faulty: 0, removed: 0 } });
      }
    }
    await glossaries().create({ id: 'shop', source: 'en', target: 'de' }, by);
    const terms = readFileSync(`${data}/shopware/glossary.en-de.csv`);
    expect((await glossaries().import('shop', [terms], { format: 'csv', by })).counts).toMatchObject({
      read: 97,
      faulty: 0,
    });
  });
});
