import { expect, it } from 'vitest';
import { readXliff, readXliffSegments, translateXliff, writeXliff } from '../../../../domain/nlp/formats/index.ts';
import { all, chunks, pages, written } from './support.ts';

const pair = { sourceLanguage: 'en', targetLanguage: 'de' };

const old = `<?xml version="1.0" encoding="utf-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<!-- kept as it is -->
<file original="a.html" source-language="en-US" datatype="html"><body><group id="g">
  <trans-unit id="1"><source>Press <g id="1" ctype="x-b">OK</g><x id="2"/></source></trans-unit>
  <trans-unit id="2" translate="no"><source>SKU-1</source></trans-unit>
  <trans-unit id="3"><source>Cancel</source><target state="needs-review-translation">Abbrechen</target>
    <alt-trans><source>Cancel it</source><target>Abbrechen!</target></alt-trans></trans-unit>
  <trans-unit id="4"><source>New</source><target state="new">New</target></trans-unit>
  <trans-unit id="5"><source>A. B.</source><seg-source><mrk mtype="seg" mid="0">A.</mrk> <mrk mtype="seg" mid="1">B.</mrk></seg-source>
    <target><mrk mtype="seg" mid="0">Ah.</mrk> <mrk mtype="seg" mid="1">Be.</mrk></target></trans-unit>
  <trans-unit id="6"><source>Broken & unit</source></trans-unit>
</group></body></file></xliff>`;

const two = `<xliff version="2.1" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en" trgLang="de"><file id="f1">
<unit id="u1"><notes><note>Heading</note></notes><originalData><data id="d1">&lt;br/&gt;</data></originalData>
 <segment id="s1" state="translated"><source>One <pc id="1">bold</pc></source><target>Eins <pc id="1">fett</pc></target></segment>
 <ignorable><source> </source></ignorable>
 <segment id="s2"><source>Two<ph id="2" dataRef="d1"/></source></segment></unit></file></xliff>`;

it('reads segments with source, target, state and inline codes', async () => {
  const first = await all(readXliffSegments(chunks(old)));
  expect(
    first.rows.map(({ unit, source, target, state, translate }) => [
      unit,
      source.text,
      target?.text ?? null,
      state,
      translate,
    ]),
  ).toEqual([
    ['1', 'Press <1>OK</1><2/>', null, '', true],
    ['2', 'SKU-1', null, '', false],
    ['3', 'Cancel', 'Abbrechen', 'needs-review-translation', true],
    ['4', 'New', 'New', 'new', true],
    ['5', 'A. B.', '<1>Ah.</1> <2>Be.</2>', '', true],
  ]);
  expect(first.rows[0]).toMatchObject({ file: 'a.html', sourceLanguage: 'en-US', targetLanguage: '' });
  expect(first.faults).toMatchObject([{ line: 12 }]);
  const second = await all(readXliffSegments(chunks(two)));
  expect(second.rows).toMatchObject([
    { unit: 'u1', segment: 's1', state: 'translated', note: 'Heading', target: { text: 'Eins <1>fett</1>' } },
    { unit: 'u1', segment: 's2', target: null, source: { text: 'Two<1/>' } },
  ]);
});

it('takes into a memory what is translated', async () => {
  const pairs = async (text: string) =>
    (await all(readXliff(chunks(text), pair))).rows.map(({ source, target }) => [source, target]);
  expect(await pairs(old)).toEqual([
    ['Cancel', 'Abbrechen'],
    ['A.', 'Ah.'],
    ['B.', 'Be.'],
  ]);
  expect(await pairs(two)).toEqual([['One <1>bold</1>', 'Eins <1>fett</1>']]);
  const { faults } = await all(readXliff(chunks(two), { ...pair, targetLanguage: 'fr' }));
  expect(faults).toEqual([{ line: 3, reason: 'the document is en to de, not en to fr' }]);
});

it('puts translations into a document and leaves all else as it is', async () => {
  const faults: number[] = [];
  const upper = (document: string) =>
    written(
      translateXliff(
        chunks(document),
        ({ source }) => ({ target: source.text.replace(/[A-Za-z]+/g, (w) => w.toUpperCase()), state: 'translated' }),
        { targetLanguage: 'de', onFault: ({ line }) => faults.push(line) },
      ),
    );
  const first = await upper(old);
  expect(faults).toEqual([12]);
  const expected = old
    .replace('encoding="utf-8"', 'encoding="UTF-8"')
    .replace('datatype="html"', 'datatype="html" target-language="de"')
    .replace(
      '<x id="2"/></source>',
      '<x id="2"/></source><target state="translated">PRESS <g id="1" ctype="x-b">OK</g><x id="2"/></target>',
    )
    .replace(
      '<target state="needs-review-translation">Abbrechen</target>',
      '<target state="translated">CANCEL</target>',
    )
    .replace('<target state="new">New</target>', '<target state="translated">NEW</target>');
  expect(first.slice(0, first.indexOf('<trans-unit id="5"'))).toBe(
    expected.slice(0, expected.indexOf('<trans-unit id="5"')),
  );
  expect(first).toContain('<target state="translated">A. B.</target></trans-unit>');
  expect(
    first.endsWith('<trans-unit id="6"><source>Broken & unit</source></trans-unit>\n</group></body></file></xliff>'),
  ).toBe(true);

  const second = await upper(two);
  expect(second).toContain(
    '<segment id="s2" state="translated"><source>Two<ph id="2" dataRef="d1"/></source><target>TWO<ph id="2" dataRef="d1"/></target></segment>',
  );
  expect(second).toContain('<target>ONE <pc id="1">BOLD</pc></target>');
});

it.each(['1.2', '2.0'] as const)('writes a memory as XLIFF %s that it reads again', async (version) => {
  const { rows } = await all(readXliff(chunks(two), pair));
  const text = await written(writeXliff(pages(rows), { ...pair, name: 'memory', version }));
  const again = await all(readXliff(chunks(text), pair));
  expect(again.faults).toEqual([]);
  expect(again.rows.map(({ source, target }) => [source, target])).toEqual(
    rows.map(({ source, target }) => [source, target]),
  );
});
