import { Random } from '../../../../domain/nlp/random.ts';

export const fuzzFormats = ['tmx', 'tbx', 'po', 'csv', 'tsv', 'xliff', 'xliff2', 'terms'] as const;
export type FuzzFormat = (typeof fuzzFormats)[number];

/** Rows that stand before and after what is broken; plain ASCII. */
const guards = 3;

export interface FuzzFile {
  readonly format: FuzzFormat;
  readonly what: string;
  readonly bytes: Uint8Array;
  /** Sources that must come out, whatever is broken between them. */
  readonly kept: readonly string[];
}

const isXml = (format: FuzzFormat): boolean => ['tmx', 'tbx', 'xliff', 'xliff2'].includes(format);

interface Parts {
  readonly head: string;
  readonly rows: string[];
  readonly tail: string;
}

const words = ['Größe', 'car', 'the', '"quoted"', 'naïve', 'a < b', 'R&D', '漢字', '😀', "l'été", 'x;y,z|w', 'tab'];

function textOf(random: Random): string {
  return Array.from({ length: 1 + random.below(12) }, () => words[random.below(words.length)]).join(' ');
}

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const csv = (text: string, delimiter: string): string =>
  text.includes(delimiter) || /"/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
const po = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');

const writers: Readonly<
  Record<FuzzFormat, { head: string; tail: string; row(s: string, t: string, i: number): string }>
> = {
  tmx: {
    head: '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4"><header srclang="en"><note>n</note></header><body>\n',
    tail: '</body></tmx>\n',
    row: (s, t, i) =>
      `<tu tuid="${i}"><tuv xml:lang="en"><seg>${xml(s)}${i % 5 === 4 ? '<ph x="1">&lt;br></ph>' : ''}</seg></tuv>\n<tuv xml:lang="de"><seg>${xml(t)}</seg></tuv></tu>\n`,
  },
  tbx: {
    head: '<?xml version="1.0"?>\n<tbx type="TBX-Basic" style="dca" xml:lang="en"><tbxHeader/><text><body>\n',
    tail: '</body></text></tbx>\n',
    row: (s, t, i) =>
      `<conceptEntry id="${i}"><langSec xml:lang="en"><termSec><term>${xml(s)}</term></termSec></langSec>\n<langSec xml:lang="de"><termSec><term>${xml(t)}</term></termSec></langSec></conceptEntry>\n`,
  },
  po: {
    head: 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n',
    tail: '',
    row: (s, t, i) => `#: a.c:${i}\nmsgid "${po(s)}"\nmsgstr ""\n"${po(t)}"\n\n`,
  },
  csv: { head: 'source,target\n', tail: '', row: (s, t) => `${csv(s, ',')},${csv(t, ',')}\n` },
  tsv: { head: 'source\ttarget\n', tail: '', row: (s, t) => `${csv(s, '\t')}\t${csv(t, '\t')}\n` },
  terms: { head: 'source,target,note\n', tail: '', row: (s, t) => `${csv(s, ',')},${csv(t, ',')},n\n` },
  xliff: {
    head: '<?xml version="1.0"?>\n<xliff version="1.2"><file source-language="en" target-language="de" original="a"><body>\n',
    tail: '</body></file></xliff>\n',
    row: (s, t, i) => `<trans-unit id="${i}"><source>${xml(s)}</source>\n<target>${xml(t)}</target></trans-unit>\n`,
  },
  xliff2: {
    head: '<?xml version="1.0"?>\n<xliff version="2.0" srcLang="en" trgLang="de"><file id="f">\n',
    tail: '</file></xliff>\n',
    row: (s, t, i) =>
      `<unit id="${i}"><segment><source>${xml(s)}</source>\n<target>${xml(t)}</target></segment></unit>\n`,
  },
};

/** A well-formed file of the format with that many rows between its guards. */
function partsOf(format: FuzzFormat, random: Random, count: number): Parts {
  const { head, tail, row } = writers[format];
  const guard = (side: string) => (_: unknown, i: number) => row(`guard ${side} ${i}`, `wache ${side} ${i}`, i);
  const rows = [
    ...Array.from({ length: guards }, guard('before')),
    ...Array.from({ length: count }, (_, i) => row(textOf(random), textOf(random), i + guards)),
    ...Array.from({ length: guards }, guard('after')),
  ];
  return { head, rows, tail };
}

const guardNames = (side: string): string[] => Array.from({ length: guards }, (_, i) => `guard ${side} ${i}`);
const before = guardNames('before');
const both = [...before, ...guardNames('after')];

const marks = [
  '<',
  '>',
  '"',
  "'",
  '&',
  '&#0;',
  '\u0000',
  '\\',
  '\n',
  '\r',
  '<tu>',
  '</seg>',
  '<!--x-->',
  ']]>',
  '<?x ?>',
  '\ufeff',
  '&lol;',
  '<constructor/>',
  '<toString a="1">',
  '<__proto__ __proto__="x"/>',
  '\u0008',
];

/** How a file is broken: in what stands between the guards, or as a whole. */
const mutations: Readonly<
  Record<string, (random: Random, format: FuzzFormat) => { bytes: Uint8Array; kept: readonly string[] }>
> = {
  'bytes replaced': (random, format) =>
    within(random, format, (middle) => {
      const bytes = Buffer.from(middle);
      for (let i = 0; i < 1 + random.below(20); i++) bytes[random.below(bytes.length)] = random.below(256);
      return bytes;
    }),
  'bytes cut out, doubled, moved': (random, format) =>
    within(random, format, (middle) => {
      const [a, b] = [random.below(middle.length), random.below(middle.length)].sort((x, y) => x - y) as [
        number,
        number,
      ];
      const piece = middle.subarray(a, b);
      const kinds = [
        [middle.subarray(0, a), middle.subarray(b)],
        [middle.subarray(0, b), piece, middle.subarray(b)],
        [middle.subarray(0, a), middle.subarray(b), piece],
      ];
      return Buffer.concat(kinds[random.below(3)] ?? []);
    }),
  'marks of the format put in': (random, format) =>
    within(random, format, (middle) => {
      const pieces: Buffer[] = [];
      let at = 0;
      for (let i = 0; i < 1 + random.below(8); i++) {
        const next = at + random.below(Math.max(1, middle.length - at));
        pieces.push(middle.subarray(at, next), Buffer.from(marks[random.below(marks.length)] ?? ''));
        at = next;
      }
      return Buffer.concat([...pieces, middle.subarray(at)]);
    }),
  truncated: (random, format) => {
    const { head, rows, tail } = partsOf(format, random, 10);
    const whole = Buffer.from(head + rows.join('') + tail);
    const from = Buffer.byteLength(head + rows.slice(0, guards).join(''));
    return { bytes: whole.subarray(0, from + random.below(whole.length - from)), kept: before };
  },
  'truncated anywhere': (random, format) => {
    const { head, rows, tail } = partsOf(format, random, 5);
    const whole = Buffer.from(head + rows.join('') + tail);
    return { bytes: whole.subarray(0, random.below(whole.length)), kept: [] };
  },
  'deep nesting': (random, format) =>
    within(random, format, (middle) => {
      const deep = '<g id="1">'.repeat(100 + random.below(3_000));
      const row = writers[format].row('DEEP', 'tief', 0).replace('DEEP', deep);
      return Buffer.concat([
        middle,
        Buffer.from(random.below(2) === 0 ? row : isXml(format) ? `${deep}${'</g>'.repeat(deep.length / 10)}\n` : row),
      ]);
    }),
  'an entity bomb': (random, format) => {
    const { head, rows, tail } = partsOf(format, random, 4);
    const levels = 5 + random.below(30);
    const declared = Array.from({ length: levels }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`);
    const doctype = `<!DOCTYPE x [<!ENTITY e0 "lol"><!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY % p "x">${declared.join('\n')}]>\n`;
    const row = writers[format].row('BOMB', 'y', 0).replace('BOMB', `&e${levels}; &f;`);
    rows.splice(guards, 0, row);
    const start = isXml(format) ? head.indexOf('\n') + 1 : 0;
    return {
      bytes: Buffer.from(
        head.slice(0, start) + (isXml(format) ? doctype : '') + head.slice(start) + rows.join('') + tail,
      ),
      kept: both,
    };
  },
  'another encoding than it says': (random, format) => {
    const { head, rows, tail } = partsOf(format, random, 8);
    const text = head + rows.join('') + tail;
    const utf16 = Buffer.from(text, 'utf16le');
    switch (random.below(5)) {
      case 0:
        return { bytes: Buffer.from(text, 'latin1'), kept: both };
      case 1:
        return { bytes: Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), kept: both };
      case 2:
        return { bytes: Buffer.from(utf16).swap16(), kept: both };
      case 3:
        return { bytes: Buffer.from(text.replace('UTF-8', random.below(2) === 0 ? 'UTF-16' : 'klingon')), kept: both };
      default:
        // UTF-32, which nothing here reads.
        return {
          bytes: Buffer.concat([...text.slice(0, 2000)].map((c) => Buffer.from([c.charCodeAt(0) & 255, 0, 0, 0]))),
          kept: [],
        };
    }
  },
  'a huge attribute, text or number of attributes': (random, format) =>
    within(random, format, (middle) => {
      const size = 60_000 + random.below(150_000);
      const kind = random.below(3);
      const tag =
        kind === 0
          ? `<g id="${'x'.repeat(size)}">`
          : kind === 1
            ? `<g ${Array.from({ length: 200 + random.below(3000) }, (_, i) => `a${i}="1"`).join(' ')}>`
            : '';
      const text = kind === 2 ? 'y'.repeat(10 * size) : `${tag}z</g>`;
      return Buffer.concat([middle, Buffer.from(writers[format].row('HUGE', 'x', 0).replace('HUGE', text))]);
    }),
  'bytes that are no text': (random, format) => {
    const bytes = Buffer.from(Array.from({ length: 200 + random.below(3_000) }, () => random.below(256)));
    return {
      bytes: random.below(2) === 0 ? bytes : Buffer.concat([Buffer.from(writers[format].head), bytes]),
      kept: [],
    };
  },
  'another format': (random, format) => {
    const other = fuzzFormats[random.below(fuzzFormats.length)] ?? 'tmx';
    const { head, rows, tail } = partsOf(other, random, 5);
    return { bytes: Buffer.from(head + rows.join('') + tail), kept: other === format ? both : [] };
  },
};

/** A file whose middle is changed, with its guards as they were. */
function within(random: Random, format: FuzzFormat, change: (middle: Buffer) => Uint8Array) {
  const { head, rows, tail } = partsOf(format, random, 3 + random.below(10));
  const first = Buffer.from(head + rows.slice(0, guards).join(''));
  const last = Buffer.from(rows.slice(-guards).join('') + tail);
  const middle = change(Buffer.from(rows.slice(guards, -guards).join('')));
  // A row that is broken may take the one behind it along: an empty line, or a row, parts it from the guards.
  const between = Buffer.from(`\n${writers[format].row('between', 'dazwischen', 0)}`);
  return { bytes: Buffer.concat([first, middle, between, last]), kept: both };
}

/** The file of a number; the same number gives the same file. */
export function fuzzFile(number: number): FuzzFile {
  const random = new Random(number + 1);
  const names = Object.keys(mutations);
  const format = fuzzFormats[number % fuzzFormats.length] ?? 'tmx';
  const what = names[Math.floor(number / fuzzFormats.length) % names.length] ?? '';
  const made = mutations[what]?.(random, format) ?? { bytes: Buffer.alloc(0), kept: [] };
  return { format, what, ...made };
}
