import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import {
  type Bytes,
  type Read,
  type RowFault,
  readMemoryTable,
  readPo,
  readTbx,
  readTermTable,
  readTmx,
  readXliff,
  readXliffSegments,
  translateXliff,
} from '../../../../domain/nlp/formats/index.ts';
import { type FuzzFormat, fuzzFile } from './fuzz-files.ts';
import { chunks } from './support.ts';

const pair = { sourceLanguage: 'en', targetLanguage: 'de' };
const files = 5_000;
const longestMs = 5_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heapMiB = (): number => {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

type AnyRow = { readonly source: string; readonly target: string };
type Reader = (bytes: Bytes) => AsyncIterable<readonly Read<AnyRow>[]>;

const readers: Readonly<Record<FuzzFormat, Reader>> = {
  tmx: (bytes) => readTmx(bytes, pair),
  tbx: (bytes) => readTbx(bytes, pair),
  po: (bytes) => readPo(bytes, pair),
  csv: (bytes) => readMemoryTable(bytes, pair),
  tsv: (bytes) => readMemoryTable(bytes, { ...pair, delimiter: '\t' }),
  terms: (bytes) => readTermTable(bytes, pair),
  xliff: (bytes) => readXliff(bytes, pair),
  xliff2: (bytes) => readXliff(bytes, pair),
};

async function read(
  reader: Reader,
  bytes: Bytes,
): Promise<{ sources: Set<string>; faults: RowFault[]; odd: string[] }> {
  const sources = new Set<string>();
  const faults: RowFault[] = [];
  const odd: string[] = [];
  for await (const page of reader(bytes)) {
    for (const item of page) {
      if (item.line < 1 || !Number.isInteger(item.line)) odd.push(`line ${item.line}`);
      if ('reason' in item) faults.push(item);
      else {
        sources.add(item.row.source);
        const text = item.row.source + item.row.target;
        if (/[\ufffd\p{Surrogate}]/u.test(text) || text.includes('\u0000') || item.row.target.trim() === '')
          odd.push(text.slice(0, 100));
      }
    }
  }
  return { sources, faults, odd };
}

it(`reads ${files} broken files without a crash or a hang, and keeps the rows that are good`, async () => {
  const before = heapMiB();
  const lost: string[] = [];
  let [slowest, faulty] = [0, 0];
  for (let number = 0; number < files; number++) {
    const { format, what, bytes, kept } = fuzzFile(number);
    const from = performance.now();
    const { sources, faults, odd } = await read(readers[format], chunks(bytes, 1 + (number % 40_000)));
    const ms = performance.now() - from;
    slowest = Math.max(slowest, ms);
    faulty += faults.length > 0 ? 1 : 0;
    const missing = kept.filter((source) => !sources.has(source));
    if (missing.length > 0 || odd.length > 0 || ms > longestMs) {
      lost.push(
        `file ${number}, ${format}, ${what}: lost ${missing.join(', ')}; ${odd.slice(0, 3).join(', ')}; ${Math.round(ms)} ms`,
      );
    }
  }
  expect(lost).toEqual([]);
  expect(slowest).toBeLessThan(longestMs);
  expect(faulty).toBeGreaterThan(files / 2);
  expect(heapMiB() - before).toBeLessThan(64);
}, 120_000);

it('writes a translation into broken XLIFF without a crash, and reads its segments', async () => {
  for (let number = 0; number < 1_000; number++) {
    const { format, bytes, kept } = fuzzFile(number);
    if (!format.startsWith('xliff')) continue;
    let text = '';
    const translated = translateXliff(chunks(bytes, 5_000), ({ source }) => ({ target: `T ${source.text}` }));
    for await (const part of translated) text += part;
    for (const source of kept) expect(text).toContain(`<target>T ${source}</target>`);
    for await (const _page of readXliffSegments(chunks(bytes, 5_000)));
  }
});

const row = (format: FuzzFormat, i: number): string => {
  const [s, t] = [`This is text number ${i} of a large file`, `Das ist Text Nummer ${i} einer großen Datei`];
  if (format === 'tmx')
    return `<tu><tuv xml:lang="en"><seg>${s}</seg></tuv><tuv xml:lang="de"><seg>${t}</seg></tuv></tu>\n`;
  return format === 'po' ? `msgid "${s}"\nmsgstr "${t}"\n\n` : `${s}\t${t}\n`;
};
const good = { tmx: '<tmx><header/><body>', po: 'msgid ""\nmsgstr "Language: de\\n"\n\n', tsv: '' };
const end = { tmx: '</body></tmx>', po: '', tsv: '' };
const mebibyte = 2 ** 20;
const filler = (text: string) => () => text.repeat(Math.ceil(mebibyte / text.length));

/** What, format, megabytes, what the middle of the file consists of. Good rows stand before, and behind where they can. */
const huge: readonly (readonly [string, 'tmx' | 'po' | 'tsv', number, (mib: number) => string, string])[] = [
  [
    'rows of TSV',
    'tsv',
    101,
    (mib) => Array.from({ length: 11_000 }, (_, i) => row('tsv', mib * 11_000 + i)).join(''),
    '',
  ],
  [
    'units of TMX',
    'tmx',
    101,
    (mib) => Array.from({ length: 6_400 }, (_, i) => row('tmx', mib * 6_400 + i)).join(''),
    '',
  ],
  ['one line', 'tsv', 101, filler('x'), '\n'],
  [
    'one segment',
    'tmx',
    101,
    (mib) => (mib === 0 ? '<tu><tuv xml:lang="en"><seg>' : '') + 'x'.repeat(mebibyte),
    '</seg></tuv></tu>',
  ],
  [
    'segments of nothing but codes',
    'tmx',
    10,
    () =>
      `<tu><tuv xml:lang="en"><seg>${'<ph/>'.repeat(190_000)}</seg></tuv><tuv xml:lang="de"><seg>a</seg></tuv></tu>`,
    '',
  ],
  ['one comment', 'tmx', 101, (mib) => (mib === 0 ? '<!--' : '') + '<tu> -- '.repeat(mebibyte / 8), '-->'],
  ['one attribute', 'tmx', 101, (mib) => (mib === 0 ? '<tu a="' : '') + 'x'.repeat(mebibyte), '"/>'],
  ['elements in each other', 'tmx', 15, filler('<a>'), ''],
  [
    'one declaration of entities',
    'tmx',
    100,
    (mib) => (mib === 0 ? '<!DOCTYPE a [<!ENTITY a "' : '') + '&a;'.repeat(350_000),
    '">]>',
  ],
  [
    'one message',
    'po',
    100,
    (mib) => (mib === 0 ? 'msgid "x"\nmsgstr ""\n' : '') + `"${'y'.repeat(1000)}"\n`.repeat(1_000),
    '\n',
  ],
  ['quotes that never close', 'tsv', 20, filler('a"b\t"x""\n'), '\n'],
];

it.each(huge)(
  'reads a file with %s (%s, %i MiB) in bounded memory and steps',
  async (_what, format, size, middle, last) => {
    let [longestStep, peak] = [0, 0];
    const before = heapMiB();
    async function* file(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(good[format] + row(format, -1));
      for (let mib = 0; mib < size; mib++) {
        const bytes = Buffer.from(middle(mib));
        for (let at = 0; at < bytes.length; at += 65_536) {
          const from = performance.now();
          yield bytes.subarray(at, at + 65_536);
          longestStep = Math.max(longestStep, performance.now() - from);
        }
        await turn();
        if (mib % 10 === 9) peak = Math.max(peak, heapMiB() - before);
      }
      yield Buffer.from(last + row(format, -2) + end[format]);
    }
    const guards = new Set<string>();
    for await (const page of readers[format](file())) {
      for (const item of page) {
        if ('row' in item && /number -\d /.test(item.row.source)) guards.add(item.row.source);
      }
    }
    expect(guards.size).toBe(2);
    expect(longestStep).toBeLessThan(longestMs);
    expect(peak).toBeLessThan(64);
  },
  120_000,
);
