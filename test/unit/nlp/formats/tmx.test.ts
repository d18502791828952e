import { expect, it } from 'vitest';
import { plainText, readTmx, writeTmx } from '../../../../domain/nlp/formats/index.ts';
import { all, chunks, pages, written } from './support.ts';

const pair = { sourceLanguage: 'en', targetLanguage: 'de' };
const header = { ...pair, toolVersion: '0', createdAt: new Date('2026-11-24T00:00:00Z') };

// As Trados, memoQ and OmegaT write them.
const sample = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
  <header creationtool="XYZTool" creationtoolversion="1.01-023" datatype="PlainText" segtype="sentence"
    adminlang="en-us" srclang="EN-US" o-tmf="ABCTransMem"><note>A note with a &lt;tu> in it.</note></header>
  <body>
    <!-- <tu><tuv xml:lang="en"><seg>not this</seg></tuv></tu> -->
    <tu tuid="0001" datatype="Text" usagecount="2">
      <note>Text of a note</note><prop type="x-Domain">Computing</prop><prop type="x-context">menu</prop>
      <tuv xml:lang="EN-US"><seg>data (with a non-standard character: ).</seg></tuv>
      <tuv xml:lang="fr-CA"><seg>données</seg></tuv>
      <tuv lang="de"><seg>Daten &amp; mehr</seg></tuv>
    </tu>
    <tu>
      <tuv xml:lang="en_GB"><seg>The <bpt i="1" x="1" type="bold">&lt;b&gt;</bpt>big<ept i="1">&lt;/b&gt;</ept> car<ph x="2" assoc="p">&lt;img alt="<sub>a car</sub>"/&gt;</ph></seg></tuv>
      <tuv xml:lang="de-DE"><seg>Das <ph x="2" assoc="p">&lt;img alt="<sub>ein Auto</sub>"/&gt;</ph><bpt i="7" x="1" type="bold">&lt;b&gt;</bpt>große<ept i="7">&lt;/b&gt;</ept> Auto</seg></tuv>
    </tu>
    <tu><tuv xml:lang="en"><seg>broken & row</seg></tuv><tuv xml:lang="de"><seg>kaputt</seg></tuv></tu>
    <tu><tuv xml:lang="en"><seg>unclosed<tuv xml:lang="de"><seg>offen</seg></tuv>
    <tu><tuv xml:lang="en"><seg>last <hi type="x">good</hi> one<it pos="begin">[</it></seg></tuv><tuv xml:lang="de"><seg>letzte <hi type="x">gute</hi><it pos="begin">[</it></seg></tuv></tu>
    <tu><tuv xml:lang="en"><seg>only English</seg></tuv><tuv xml:lang="it"><seg>no</seg></tuv></tu>
    <tu><tuv xml:lang="en"><seg>&undefined;</seg></tuv><tuv xml:lang="de"><seg>x</seg></tuv></tu>
    <tu><tuv xml:lang="en"><seg> </seg></tuv><tuv xml:lang="de"><seg>x</seg></tuv></tu>
  </body>
</tmx>`;

it.each([1, 7, 100_000])('reads units with several languages and inline codes, in chunks of %i bytes', async (size) => {
  const { rows, lines, faults } = await all(readTmx(chunks(sample, size), pair));
  expect(rows.map(({ source, target }) => [source, target])).toEqual([
    ['data (with a non-standard character: ).', 'Daten & mehr'],
    ['The <1>big</1> car<2/>', 'Das <2/><1>große</1> Auto'],
    ['last <1>good</1> one<2/>', 'letzte <1>gute</1><2/>'],
  ]);
  expect(rows[0]).toMatchObject({ domain: 'Computing', context: 'menu', note: 'Text of a note' });
  expect(lines).toEqual([8, 14, 20]);
  expect(plainText({ text: rows[1]?.source ?? '', codes: rows[1]?.codes?.source ?? [] })).toBe('The big car');
  expect(faults).toEqual([
    { line: 18, reason: expect.stringContaining('not well-formed') },
    { line: 19, reason: expect.stringContaining('not closed before the next, at line 20') },
    { line: 21, reason: 'no text in de; there is en, it' },
    { line: 22, reason: expect.stringContaining('undefined entity') },
    { line: 23, reason: 'the source is empty' },
  ]);
});

it('writes what it read, so that it reads the same again, and the native codes with it', async () => {
  const { rows } = await all(readTmx(chunks(sample), pair));
  const text = await written(writeTmx(pages(rows), header));
  expect(text).toContain('<bpt i="1" x="1" type="bold">&lt;b&gt;</bpt>big<ept i="1">&lt;/b&gt;</ept> car');
  expect(text).toContain('alt="<sub>ein Auto</sub>"');
  const again = await all(readTmx(chunks(text), pair));
  expect(again.faults).toEqual([]);
  expect(again.rows).toEqual(rows);
});

it('takes the language that fits: the same, or with and without a region, but no other region or script', async () => {
  const unit = (...texts: [string, string][]) =>
    `<tmx version="1.4"><header/><body><tu>${texts.map(([l, t]) => `<tuv xml:lang="${l}"><seg>${t}</seg></tuv>`).join('')}</tu></body></tmx>`;
  const read = async (target: string, ...texts: [string, string][]) =>
    (await all(readTmx(chunks(unit(['en', 'x'], ...texts)), { sourceLanguage: 'en', targetLanguage: target }))).rows[0]
      ?.target;
  expect(await read('pt-BR', ['pt', 'a'], ['PT_br', 'b'])).toBe('b');
  expect(await read('pt-BR', ['pt-PT', 'a'], ['pt', 'b'])).toBe('b');
  expect(await read('pt-BR', ['pt-PT', 'a'])).toBeUndefined();
  expect(await read('zh-Hant', ['zh-CN', 'a'], ['zh-TW', 'b'])).toBe('b');
  expect(await read('sr-Latn', ['sr', 'a'])).toBeUndefined();
});

it('reads UTF-16 with a byte order mark, and single-byte encodings that the file declares', async () => {
  const text = sample.replace('UTF-8', 'UTF-16');
  const little = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  const expected = await all(readTmx(chunks(sample), pair));
  expect(await all(readTmx(chunks(little), pair))).toEqual(expected);
  expect(await all(readTmx(chunks(Buffer.from(little).swap16()), pair))).toEqual(expected);
  const latin = Buffer.from(sample.replace('UTF-8', 'ISO-8859-1'), 'latin1');
  expect(await all(readTmx(chunks(latin), pair))).toEqual(expected);
  // Said to be UTF-8, but written as Latin-1: the rows without umlauts are good.
  const wrong = await all(readTmx(chunks(Buffer.from(sample, 'latin1')), pair));
  expect(wrong.rows).toHaveLength(2);
  expect(wrong.faults[0]).toEqual({ line: 14, reason: expect.stringContaining('not valid in the encoding') });
});

it('never expands entities, names the line that declares them, and keeps the rows that need none', async () => {
  const bomb = `<?xml version="1.0"?>
<!DOCTYPE tmx [
 <!-- it's a "comment" -->
 <!ENTITY a "aaaaaaaaaa">
 <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
 <!ENTITY x SYSTEM "file:///etc/passwd">
]>
<tmx version="1.4"><header/><body>
<tu><tuv xml:lang="en"><seg>&b;</seg></tuv><tuv xml:lang="de"><seg>&x;</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>good</seg></tuv><tuv xml:lang="de"><seg>gut</seg></tuv></tu>
</body></tmx>`;
  const { rows, faults } = await all(readTmx(chunks(bomb), pair));
  expect(rows).toMatchObject([{ source: 'good', target: 'gut' }]);
  expect(faults).toEqual([
    { line: 4, reason: expect.stringContaining('declares entities') },
    { line: 9, reason: expect.stringContaining('undefined entity') },
  ]);
});

it('takes elements it does not know, whatever they are called, and halves that never end, as single codes', async () => {
  const seg = 'a<constructor/>b<toString __proto__="1">c</toString><bpt i="1"/>d<ept i="2"/>';
  const text = `<tmx><body><tu><tuv lang="en"><seg>${seg}</seg></tuv><tuv lang="de"><seg>x</seg></tuv></tu></body></tmx>`;
  const { rows } = await all(readTmx(chunks(text), pair));
  expect(rows[0]?.source).toBe('a<1/>b<2/><3/>d<4/>');
  expect(rows[0]?.codes?.source.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    ...['single constructor', 'single toString', 'single bpt', 'single ept'],
  ]);
});

it('says what is wrong with a file that is cut short, or is none', async () => {
  const cut = await all(readTmx(chunks(sample.slice(0, sample.indexOf('große'))), pair));
  expect(cut.rows).toHaveLength(1);
  expect(cut.faults).toEqual([{ line: 14, reason: '<tu> is not closed before the file ends' }]);
  expect((await all(readTmx(chunks('<html><body/></html>'), pair))).faults.map(({ reason }) => reason)).toEqual([
    'the document begins with <html>, not <tmx>',
    'the document holds no <tu>',
  ]);
  expect((await all(readTmx(chunks(''), pair))).faults).toEqual([{ line: 1, reason: 'the document holds no <tu>' }]);
});
