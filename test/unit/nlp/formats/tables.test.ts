import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  readMemoryTable,
  readTermTable,
  writeMemoryTable,
  writeTermTable,
} from '../../../../domain/nlp/formats/index.ts';
import { all, chunks, pages, written } from './support.ts';

const pair = { sourceLanguage: 'en', targetLanguage: 'de' };
const texts = async (content: string | Uint8Array, options = {}) => {
  const { rows, faults } = await all(readMemoryTable(chunks(content), { ...pair, ...options }));
  return { rows: rows.map(({ source, target }) => [source, target]), faults };
};

it('reads columns by the header, in any order, or as source, target, domain and note without one', async () => {
  const named = await all(readMemoryTable(chunks('Domain\tTarget\tSource\nshop\tHallo\tHello\n'), pair));
  expect(named.rows).toEqual([{ source: 'Hello', target: 'Hallo', domain: 'shop', note: '', context: '' }]);
  const plain = await all(readMemoryTable(chunks('Hello\tHallo\tshop\ta note\n'), pair));
  expect(plain.rows).toEqual([{ source: 'Hello', target: 'Hallo', domain: 'shop', note: 'a note', context: '' }]);
  expect((await texts('en;de-DE\nHello, you;Hallo\n')).rows).toEqual([['Hello, you', 'Hallo']]);
});

it.each([
  ['tab', '\t'],
  ['comma', ','],
  ['semicolon', ';'],
  ['bar', '|'],
])('finds the delimiter: %s', async (_name, delimiter) => {
  const lines = [`"a, b; c | d"${delimiter}x`, `e${delimiter}"y\n""z"""`, `f${delimiter}g`];
  expect((await texts(`\ufeff${lines.join('\r\n')}\r\n`)).rows).toEqual([
    ['a, b; c | d', 'x'],
    ['e', 'y\n"z"'],
    ['f', 'g'],
  ]);
});

it('takes quotes within a field as they stand', async () => {
  const content = 'RECORD FRAME 7" SINGLE\tRahmen 7"\n"Hello" she said\t„Hallo“, sagte sie\n"RECORD 7"" X"\tY\n';
  expect(await texts(content)).toEqual({
    rows: [
      ['RECORD FRAME 7" SINGLE', 'Rahmen 7"'],
      ['"Hello" she said', '„Hallo“, sagte sie'],
      ['RECORD 7" X', 'Y'],
    ],
    faults: [],
  });
});

it('loses only the rows that are broken, and names their lines', async () => {
  const content = `source,target\na,b\n"never closed,c\nd,e\nonly one\n,empty\nf,\u0000\ng,h`;
  const bytes = Buffer.concat([Buffer.from(`${content}\n`), Buffer.from([0x69, 0x2c, 0xff, 0x0a]), Buffer.from('j,k')]);
  expect(await texts(bytes)).toEqual({
    rows: [
      ['a', 'b'],
      ['d', 'e'],
      ['g', 'h'],
      ['j', 'k'],
    ],
    faults: [
      { line: 3, reason: 'a field begins with a quote that is never closed' },
      { line: 5, reason: 'the row has 1 column; source and target are needed' },
      { line: 6, reason: 'the source is empty' },
      { line: 7, reason: 'the target holds the character U+0000' },
      { line: 9, reason: expect.stringContaining('not valid in the encoding') },
    ],
  });
});

it('reads a file of another encoding when told so', async () => {
  const bytes = Buffer.from('Müll;€'.replace('€', '\u0080'), 'latin1');
  expect((await texts(bytes, { encoding: 'windows-1252' })).rows).toEqual([['Müll', '€']]);
});

it('is not misled by texts that speak of encodings', async () => {
  const content = 'Content-Type: text/html; charset=iso-8859-1\tInhaltstyp\n<?xml encoding="utf-16"?>\tGröße\n';
  expect((await texts(content)).rows.map(([, target]) => target)).toEqual(['Inhaltstyp', 'Größe']);
});

it('reads and writes terms with their flags', async () => {
  const content =
    'source,target,partOfSpeech,caseSensitive,forbidden,alternatives\nVIN,FIN,noun,yes,no,Fahrgestellnummer|FgstNr.\ncar,Karre,,,true,\ncar,Auto,,maybe,,\n';
  const { rows, faults } = await all(readTermTable(chunks(content), { ...pair, domain: 'cars' }));
  expect(rows).toMatchObject([
    { source: 'VIN', caseSensitive: true, forbidden: false, alternatives: ['Fahrgestellnummer', 'FgstNr.'] },
    { source: 'car', target: 'Karre', forbidden: true, domain: 'cars' },
  ]);
  expect(faults).toEqual([{ line: 4, reason: 'caseSensitive must be yes or no (or true, false, 1, 0)' }]);
  const text = await written(writeTermTable(pages(rows), { delimiter: ',' }));
  expect((await all(readTermTable(chunks(text), pair))).rows).toEqual(rows);
});

const shop = fileURLToPath(new URL('../../../../../shared/data/shopware', import.meta.url));
if (!existsSync(shop)) console.warn(`Skipped: the real texts are not at ${shop}.`);

describe.skipIf(!existsSync(shop))('the texts of a shop system', () => {
  it('are all read, and the same after writing', async () => {
    const bytes = readFileSync(`${shop}/train.en-de.tsv`);
    const { rows, faults } = await all(readMemoryTable(chunks(bytes, 65_536), pair));
    expect(faults).toEqual([]);
    expect(rows).toHaveLength(3971);
    for (const delimiter of ['\t', ',']) {
      const text = await written(writeMemoryTable(pages(rows), { delimiter }));
      expect((await all(readMemoryTable(chunks(text, 65_536), pair))).rows).toEqual(rows);
    }
    const terms = await all(readTermTable(chunks(readFileSync(`${shop}/glossary.en-de.csv`)), pair));
    expect(terms.rows).toHaveLength(97);
  });
});
