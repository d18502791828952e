import fc from 'fast-check';
import { parseFragment, serialize } from 'parse5';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../domain/nlp/index.ts';
import {
  type Masked,
  mask,
  renumber,
  restore,
  scan,
  segmentHtml,
  splitSentences,
} from '../../../../domain/nlp/markup/index.ts';
import { placeholder, placeholdersOf } from '../../../../domain/nlp/text/index.ts';

const contents = (text: string) => scan(text).map((found) => text.slice(found.start, found.end));

/** A sentence with nested tags and variables. */
function sentence(random: Random): string {
  const words = ['open', 'the', 'red', 'door', 'with', 'care', 'before', 'you', 'start'];
  // Of formats that begin with a per cent sign only those that stay apart when words run into them.
  const values = ['{0}', '{name}', '%s', '%1$d', '{{ user.name }}', '${x}', '&nbsp;'];
  const tags = ['b', 'i', 'a', 'span'];
  const make = (depth: number): string => {
    let out = '';
    const n = 1 + random.below(4);
    for (let k = 0; k < n; k++) {
      const u = random.next();
      if (u < 0.3 && depth < 4) {
        const tag = tags[random.below(tags.length)];
        out += `<${tag} id="${random.below(100)}">${make(depth + 1)}</${tag}>`;
      } else if (u < 0.45) out += values[random.below(values.length)];
      else if (u < 0.52) out += '<br/>';
      else out += words[random.below(words.length)];
      out += random.next() < 0.8 ? ' ' : '';
    }
    return out;
  };
  return `${make(0)}now ${make(0)}`.trim();
}

/** A model that keeps the placeholders, or drops, doubles, moves, shuffles them and makes some up. */
function badModel(text: string, random: Random): string {
  let tokens: string[] = text.match(/[\uE000-\uF8FF]|[^\uE000-\uF8FF\s]+|\s+/g) ?? [];
  const is = (token: string) => placeholdersOf(token).length > 0;
  tokens = tokens.flatMap((token) => {
    if (!is(token)) return random.next() < 0.1 ? [] : [token];
    const u = random.next();
    if (u < 0.2) return [];
    if (u < 0.4) return [token, token];
    if (u < 0.45) return [token, placeholder(random.below(40))];
    return [token];
  });
  const places = tokens.flatMap((token, i) => (is(token) || random.next() < 0.1 ? [i] : []));
  const order = Int32Array.from(places);
  if (random.next() < 0.7) random.shuffle(order);
  const moved = [...tokens];
  for (const [k, place] of places.entries()) moved[place] = tokens[order[k] as number] as string;
  return moved.join('');
}

/** Contents of the parts as they come in a text, tags and values alike, sorted. */
const inventory = (text: string) => contents(text).sort();

/** Opening and closing tags as a tree, to compare nesting. */
function ancestors(text: string): string[] {
  const open: string[] = [];
  const out: string[] = [];
  for (const found of scan(text)) {
    const content = text.slice(found.start, found.end);
    if (found.kind === 'open') {
      out.push([...open, content].join(' > '));
      open.push(content);
    } else if (found.kind === 'close') {
      expect(open.pop()).toMatch(new RegExp(`^<${found.name} `));
    }
  }
  expect(open).toEqual([]);
  return out.sort();
}

describe('mask and restore', () => {
  it.each([
    [
      'Hello {0}, you have {{count}} of {{{ total }}} for ${price} and {user.name}',
      ['{0}', '{{count}}', '{{{ total }}}', '${price}', '{user.name}'],
    ],
    ['%s of %1$d, %(name)s, %05.2f, %name%, %@ and %%', ['%s', '%1$d', '%(name)s', '%05.2f', '%name%', '%@', '%%']],
    ['{n, plural, one {# item} other {{x} items}} left', ['{n, plural, one {# item} other {{x} items}}']],
    [
      'See https://a.example/x(y)?z=1. Or (www.b.example), me@c.example!',
      ['https://a.example/x(y)?z=1', 'www.b.example', 'me@c.example'],
    ],
    [
      'a &amp; b &#39; &#x1F; <!-- x > y --> <a title="1 > 0">',
      ['&amp;', '&#39;', '&#x1F;', '<!-- x > y -->', '<a title="1 > 0">'],
    ],
    ['{% if x %}{# no #}', ['{% if x %}', '{# no #}']],
    ['5 < 6, 7 > 3, a<b, 100%, 100%discount, 20% of it, {not this one}, $5, R&D; {', []],
    ['x\uE003y', ['\uE003']],
  ])('finds the parts of %s', (text, expected) => {
    expect(contents(text)).toEqual(expected);
  });

  it('gives back any text to the letter when the model copies', () => {
    const unit = fc.constantFrom(
      '<b>',
      '</b>',
      '<br>',
      '<i a="x">',
      '</i>',
      '<',
      '>',
      '{',
      '}',
      '{0}',
      '%s',
      '%',
      ' ',
      'a',
      'B',
      '&lt;',
      '&',
      '\uE000',
      '\uE005',
      'www.x.y',
      '\n',
      '"',
      "'",
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit, maxLength: 40 }), fc.string({ unit: 'binary' })), (text) => {
        const masked = mask(text);
        const back = restore(masked.text, masked);
        expect(back.text).toBe(text);
        expect(back.wrong).toEqual([]);
      }),
      { numRuns: 1500, seed: 5 },
    );
  });

  it('brings every tag of 200 sentences back, balanced, nested as in the source, exactly once', () => {
    const random = new Random(11);
    const seen = { intact: 0, repaired: 0, guessed: 0 };
    for (let k = 0; k < 200; k++) {
      const source = sentence(random);
      const masked = mask(source);
      for (let round = 0; round < 10; round++) {
        const back = restore(badModel(masked.text, random), masked);
        seen[back.status]++;
        expect(inventory(back.text)).toEqual(inventory(source));
        expect(ancestors(back.text)).toEqual(ancestors(source));
        expect(scan(back.plain).filter((found) => found.kind !== 'value')).toEqual([]);
      }
    }
    expect(seen.repaired).toBeGreaterThan(300);
    expect(seen.guessed).toBeGreaterThan(100);
  });

  it('keeps the order that the model chose when it is a right one', () => {
    const masked = mask('<b>Save</b> the {0} <i>now</i>');
    const [b, bb, v, i, ii] = masked.parts.map((_, k) => placeholder(k));
    expect(restore(`${i}Jetzt${ii} ${v} ${b}sichern${bb}`, masked)).toEqual({
      text: '<i>Jetzt</i> {0} <b>sichern</b>',
      plain: 'Jetzt {0} sichern',
      status: 'intact',
      wrong: [],
    });
  });

  it('places what is missing by proportion or by the alignment given', () => {
    const masked = mask('Click <b>here</b> to see {0} now');
    const [, , v] = masked.parts.map((_, k) => placeholder(k));
    const back = restore(`Klicken Sie hier um ${v} zu sehen`, masked);
    expect(back.status).toBe('guessed');
    expect(back.plain).toBe('Klicken Sie hier um {0} zu sehen');
    const target = 'hier klicken um zu sehen';
    const offsets = new Map([
      [masked.text.indexOf(placeholder(0)), 0],
      [masked.text.indexOf(placeholder(1)), 4],
      [masked.text.indexOf(placeholder(2)), target.length],
    ]);
    const aligned = restore(target, masked, { align: (at) => offsets.get(at) as number });
    expect(aligned.text).toBe('<b>hier</b> klicken um zu sehen {0}');
    expect(aligned.wrong).toEqual(['<b>', '</b>', '{0}']);
  });

  it('leaves tags around the whole text out of the translation', () => {
    const masked = mask('  <p><b>Save</b></p> ');
    expect(masked).toMatchObject({ prefix: '  <p><b>', text: 'Save', suffix: '</b></p> ', parts: [] });
    expect(restore('Sichern', masked).text).toBe('  <p><b>Sichern</b></p> ');
  });

  it('numbers the placeholders of a sentence from 0, and undoes it', () => {
    const { text, undo } = renumber(`a ${placeholder(7)} b ${placeholder(3)} ${placeholder(7)}`);
    expect(placeholdersOf(text)).toEqual([0, 1, 0]);
    expect(placeholdersOf(undo(`${placeholder(1)} x ${placeholder(0)} ${placeholder(5)}`))).toEqual([3, 7]);
  });

  it('takes hostile text in linear time', () => {
    const n = 100_000;
    const start = performance.now();
    for (const unit of [
      '<a ',
      '<a "',
      "<a b='",
      '<!--',
      '<?',
      '{{',
      '{%',
      '${',
      '%(',
      '&amp',
      'a@',
      'a.b@c.',
      'http://',
      '<b>',
      '</b>',
      '{n, plural, ',
      '<a b="<a b=\'',
      '(',
      'www.',
      '%1$',
      '<![CDATA[',
    ]) {
      scan(unit.repeat(n));
      scan(`${unit.repeat(n)}>"'}`);
    }
    const masked = mask(`${'<b>'.repeat(3000)}x${'</b> y'.repeat(3000)} z`);
    expect(contents(restore('x', masked).text)).toHaveLength(6000);
    expect(() => mask('x{0}'.repeat(7000))).toThrow(/6400/);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

const identity = (masked: Masked) => restore(masked.text, masked).text;

describe('segmentHtml', () => {
  it('finds the texts of blocks and attributes, and renders their translations', () => {
    const html = segmentHtml(
      '<h1>Title</h1><p>Press <b>Save</b> &amp; <a href="/x" title="More">go &lt;on&gt;</a>.<img src="a.png" alt="A house"></p><ul><li>One</li><li><code>x = 1</code></li></ul><script>let a = "Text";</script>',
    );
    expect(html.segments.map((s) => s.text.replace(/[\uE000-\uF8FF]/g, '|'))).toEqual([
      'Title',
      'More',
      'A house',
      'Press |Save| & |go <on>|.',
      'One',
    ]);
    const upper = html.segments.map((s) => restore(s.text.toUpperCase(), s).text);
    const expected =
      '<h1>TITLE</h1><p>PRESS <b>SAVE</b> &amp; <a href="/x" title="MORE">GO &lt;ON&gt;</a>.<img src="a.png" alt="A HOUSE"></p><ul><li>ONE</li><li><code>x = 1</code></li></ul><script>let a = "Text";</script>';
    expect(html.render(upper)).toBe(expected);
    expect(html.render(upper)).toBe(expected);
  });

  it('keeps a document as it is when the model copies, and lets no translation bring in markup', () => {
    const page =
      '<!DOCTYPE html><html lang="en"><head><title>A page</title><meta name="description" content="About it"></head><body><div>One <span translate="no">Two</span> three {0}<div>four</div> five</div></body></html>';
    const html = segmentHtml(page);
    expect(html.segments.map((s) => s.text.length > 0)).toEqual([true, true, true, true, true]);
    expect(html.render(html.segments.map(identity))).toBe(page);
    const bad = html.segments.map((s) => restore('<script>alert(1)</script>', s).text);
    expect(html.render(bad)).not.toContain('<script>');
  });

  it('keeps any HTML as the parser sees it when the model copies', () => {
    const unit = fc.constantFrom(
      '<p>',
      '</p>',
      '<b>',
      '</b>',
      '<a title="t">',
      '</a>',
      '<td>',
      '<table>',
      '<br>',
      'x',
      ' ',
      'y z',
      '&amp;',
      '&lt;',
      '<code>',
      '</code>',
      '<li>',
      '<!-- c -->',
      '<',
      '{0}',
      '<img alt="q">',
      '<h2>',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), (text) => {
        const html = segmentHtml(text);
        const again = html.render(html.segments.map(identity));
        const settled = serialize(parseFragment(serialize(parseFragment(text))));
        expect(serialize(parseFragment(again)).replace(/\s+/g, ' ')).toBe(settled.replace(/\s+/g, ' '));
      }),
      { numRuns: 600, seed: 9 },
    );
  });

  it('refuses nesting that is an attack, soon', () => {
    const start = performance.now();
    expect(() => segmentHtml('<div>'.repeat(300_000))).toThrow(/nested deeper/);
    expect(() => segmentHtml('<div>'.repeat(9000))).toThrow(/nested deeper/);
    const unclosed = Array.from({ length: 3000 }, (_, i) => `<b id=${i}>x<p>`).join('');
    expect(() => segmentHtml(unclosed)).toThrow(/very many open/);
    expect(() => segmentHtml(`${'<b>'.repeat(100)}${'<p>x'.repeat(10_000)}`)).toThrow(/very many open/);
    expect(segmentHtml(`<b>${'<p>x</p>'.repeat(5000)}`).segments).toHaveLength(5000);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('splitSentences', () => {
  it.each([
    [
      'de',
      'Das ist z. B. gut. Am 3. Mai kam Dr. Müller. Er ging!',
      ['Das ist z. B. gut. ', 'Am 3. Mai kam Dr. Müller. ', 'Er ging!'],
    ],
    [
      'en',
      'Mr. Smith met J. Doe. "Really?" he said. It was 3.5 km.',
      ['Mr. Smith met J. Doe. ', '"Really?" he said. ', 'It was 3.5 km.'],
    ],
    ['fr', 'Bonjour ! Ça va ? M. Dupont arrive.', ['Bonjour ! ', 'Ça va ? ', 'M. Dupont arrive.']],
    ['pt_BR', 'Olá. Tudo bem?', ['Olá. ', 'Tudo bem?']],
    ['not a language', 'One. Two.', ['One. ', 'Two.']],
    ['en', 'First line\nSecond line', ['First line\n', 'Second line']],
    ['ja', 'これは本です。それはペンです。', ['これは本です。', 'それはペンです。']],
    ['en', `${placeholder(0)}One.${placeholder(1)} Two.`, [`${placeholder(0)}One.${placeholder(1)} `, 'Two.']],
  ])('splits %s: %s', (language, text, expected) => {
    expect(splitSentences(text, language)).toEqual(expected);
  });

  it('cuts what is too long at commas and blanks', () => {
    const text = `${'One two three four, five six seven eight nine ten '.repeat(3)}${'x'.repeat(100)} 😀`;
    const parts = splitSentences(text, 'en', { longest: 40 });
    expect(parts.join('')).toBe(text);
    expect(parts.every((part) => part.length <= 40)).toBe(true);
    expect(parts[0]).toBe('One two three four, ');
    expect(splitSentences('😀'.repeat(10), 'en', { longest: 3 }).every((part) => !/\p{Surrogate}/u.test(part))).toBe(
      true,
    );
  });

  it('loses nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(splitSentences(text, 'en').join('')).toBe(text);
      }),
      { seed: 3 },
    );
  });
});
