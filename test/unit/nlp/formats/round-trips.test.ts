import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { InlineCode, MemoryEntryContent, TermContent } from '../../../../contracts/language-data.ts';
import {
  readMemoryTable,
  readPo,
  readTbx,
  readTermTable,
  readTmx,
  readXliff,
  translateXliff,
  writeMemoryTable,
  writePo,
  writeTbx,
  writeTermTable,
  writeTmx,
  writeXliff,
} from '../../../../domain/nlp/formats/index.ts';
import { all, chunks, pages, written } from './support.ts';

const pair = { sourceLanguage: 'en', targetLanguage: 'de' };
const seeded = { seed: 20_261_124, numRuns: 300 };

/** What a text may hold that a format may stumble over; no NUL, which is no text. */
const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'abcXYZ äßéİ漢😀.') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...'<>&"\'\\|,;\t\n{}%#~=',
      '<1>',
      '</1>',
      '<2/>',
      ']]>',
      '&amp;',
      '\\n',
      '""',
      '\u2028',
      '\u00a0',
    ),
  },
);
const someText = fc.array(character, { minLength: 1, maxLength: 30 }).map((parts) => parts.join(''));
/** Not only white space, which would be empty. */
const text = someText.filter((value) => value.trim() !== '');
/** What single-line fields keep: formats trim them. */
const label = fc.array(fc.constantFrom(...'abc äß&<"\'-;'), { maxLength: 10 }).map((parts) => parts.join('').trim());
const chunkSize = fc.constantFrom(1, 3, 64, 100_000);

const entry = fc.record({ source: text, target: text, context: label, domain: label, note: label });
const entries = fc.array(entry, { maxLength: 5 });

const holds = (property: fc.IAsyncProperty<unknown>): Promise<void> => fc.assert(property, seeded);

it('keeps texts of any kind through TMX', () =>
  holds(
    fc.asyncProperty(entries, chunkSize, async (given, size) => {
      const file = await written(writeTmx(pages(given, 2), { ...pair, toolVersion: '1', createdAt: new Date(0) }));
      const { rows, faults } = await all(readTmx(chunks(file, size), pair));
      expect(rows).toEqual(given);
      expect(faults.filter(({ reason }) => !reason.includes('holds no <tu>'))).toEqual([]);
    }),
  ));

it('keeps texts of any kind through TSV and CSV', () =>
  holds(
    fc.asyncProperty(entries, chunkSize, fc.constantFrom('\t', ',', ';'), async (given, size, delimiter) => {
      const file = await written(writeMemoryTable(pages(given), { delimiter }));
      expect(await all(readMemoryTable(chunks(file, size), pair))).toMatchObject({ rows: given, faults: [] });
    }),
  ));

it('keeps texts of any kind through PO', () =>
  holds(
    fc.asyncProperty(entries, chunkSize, async (given, size) => {
      const file = await written(writePo(pages(given), pair));
      const { rows, faults } = await all(readPo(chunks(file, size), pair));
      expect(rows).toEqual(given.map((row) => ({ ...row, domain: '' })));
      expect(faults).toEqual([]);
    }),
  ));

it.each(['1.2', '2.0'] as const)('keeps texts of any kind through XLIFF %s', (version) =>
  holds(
    fc.asyncProperty(entries, chunkSize, async (given, size) => {
      const file = await written(writeXliff(pages(given), { ...pair, name: 'x', version }));
      const { rows } = await all(readXliff(chunks(file, size), pair));
      expect(rows).toEqual(given.map((row) => ({ ...row, context: '', domain: '' })));
    }),
  ),
);

const inlineText = fc.array(fc.constantFrom(...'ab <>&"'), { maxLength: 4 }).map((parts) => parts.join(''));

/** A text with balanced and single codes, as TMX has them. */
const coded = fc
  .array(fc.tuple(fc.constantFrom('pair', 'single'), inlineText, inlineText), { minLength: 1, maxLength: 5 })
  .map((parts) => {
    const codes: InlineCode[] = [];
    let [body, id] = ['x', 0];
    for (const [kind, within, native] of parts) {
      id += 1;
      const content = native.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
      if (kind === 'single') {
        codes.push({ id, kind: 'single', name: 'ph', attributes: { x: String(id) }, content });
        body += `<${id}/>${within}`;
      } else {
        codes.push({ id, kind: 'open', name: 'bpt', attributes: { i: String(id), x: String(id) }, content });
        codes.push({ id, kind: 'close', name: 'ept', attributes: { i: String(id) }, content });
        body += `<${id}>${within}</${id}>`;
      }
    }
    return { text: body, codes };
  });

it('keeps inline codes through TMX, and their placeholders through XLIFF', () =>
  holds(
    fc.asyncProperty(coded, chunkSize, async ({ text: source, codes }, size) => {
      const given: MemoryEntryContent = {
        source,
        target: source,
        codes: { source: codes, target: codes },
        context: '',
        domain: '',
        note: '',
      };
      const tmx = await written(writeTmx(pages([given]), { ...pair, toolVersion: '1', createdAt: new Date(0) }));
      expect((await all(readTmx(chunks(tmx, size), pair))).rows).toEqual([given]);
      for (const version of ['1.2', '2.0'] as const) {
        const xliff = await written(writeXliff(pages([given]), { ...pair, name: 'x', version }));
        expect((await all(readXliff(chunks(xliff, size), pair))).rows).toMatchObject([{ target: source }]);
        // Translated by its own text, a document stays as it is.
        const again = await written(
          translateXliff(chunks(xliff, size), (segment) => ({ target: segment.source.text })),
        );
        expect(again).toBe(xliff);
      }
    }),
  ));

const term = fc.record({
  source: label.filter((value) => value !== ''),
  target: label.filter((value) => value !== ''),
  partOfSpeech: fc.constantFrom('', 'noun', 'verb'),
  domain: label,
  note: label,
  caseSensitive: fc.boolean(),
  forbidden: fc.boolean(),
  alternatives: fc.constantFrom([] as string[], ['zweitens'], ['zweitens', 'drittens & "x"']),
});

it('keeps terms through TBX and tables', () =>
  holds(
    fc.asyncProperty(fc.array(term, { maxLength: 4 }), chunkSize, async (terms, size) => {
      // White space within a term is none of its own in TBX; a forbidden target has no alternatives.
      const given: TermContent[] = terms.map((t) => ({
        ...t,
        source: t.source.replace(/\s+/g, ' '),
        target: t.target.replace(/\s+/g, ' '),
        alternatives: t.forbidden ? [] : t.alternatives.filter((a) => a !== t.target),
      }));
      const tbx = await written(writeTbx(pages(given), { ...pair, title: 'x' }));
      expect((await all(readTbx(chunks(tbx, size), pair))).rows).toEqual(given);
      const csv = await written(writeTermTable(pages(given), { delimiter: ',' }));
      expect((await all(readTermTable(chunks(csv, size), pair))).rows).toEqual(given);
    }),
  ));
