import { describe, expect, it } from 'vitest';
import { Random } from '../../../../domain/nlp/random.ts';
import { Aligner, alignable, Glossary } from '../../../../domain/nlp/terminology/index.ts';
import {
  type ExactHit,
  MemoryIndex,
  type MemoryLookUp,
  prepareTerms,
  translateTexts,
} from '../../../../domain/nlp/translator/index.ts';
import { dictionaryModel } from '../../../support/dictionary-decoder.ts';

const dictionary = {
  the: 'die',
  car: 'auto',
  is: 'ist',
  red: 'rot',
  door: 'tür',
  open: 'öffne',
  please: 'bitte',
  click: 'klicke',
};

function memoryOf(entries: readonly (readonly [source: string, target: string])[]): MemoryLookUp {
  const index = new MemoryIndex('m');
  const exact = new Map<string, ExactHit>();
  for (const [i, [source, target]] of entries.entries()) {
    index.add({ id: String(i), source, target });
    exact.set(source, { memory: 'm', entry: String(i), source, target });
  }
  return {
    exact: async (sources) =>
      new Map(sources.flatMap((source) => (exact.has(source) ? [[source, exact.get(source) as ExactHit]] : []))),
    similar: (masked, threshold) => index.similar(masked, threshold),
  };
}
/** An aligner that knows the dictionary, and perhaps a word more. */
function alignerOf(...more: [source: string, target: string] | []): Aligner {
  const [source, target] = more;
  const entries = [...Object.entries(dictionary), ...(source && target ? [[source, target] as const] : [])];
  const pairs = entries.flatMap(([en, de]) => [
    { source: en, target: de },
    { source: `${en} the car`, target: `${de} die auto` },
  ]);
  return Aligner.train(pairs.map((pair) => alignable(pair, { source: 'en', target: 'de' })));
}
const glossary = (terms: Parameters<typeof prepareTerms>[0]) => [prepareTerms(terms, 'en').required];

describe('memory', () => {
  it('takes an exact match without asking the model, and says where it is from', async () => {
    const { model, calls } = dictionaryModel(dictionary);
    const [done] = await translateTexts(model, ['The car is red.'], {
      memory: memoryOf([['The car is red.', 'Der Wagen ist rot.']]),
    });
    expect(done).toMatchObject({
      text: 'Der Wagen ist rot.',
      origin: 'memory',
      confidence: 1,
      matches: [{ memory: 'm', entry: '0', kind: 'exact', score: 1 }],
    });
    expect(calls).toEqual([]);
  });

  it('exchanges numbers and placeholders without asking the model', async () => {
    const { model, calls } = dictionaryModel(dictionary);
    const [done] = await translateTexts(model, ['Page 7 of {total}'], {
      memory: memoryOf([['Page 3 of {all}', 'Seite 3 von {all}']]),
    });
    expect(done).toMatchObject({
      text: 'Seite 7 von {total}',
      origin: 'memory',
      matches: [{ kind: 'numbers', score: 0.99 }],
    });
    expect(calls).toEqual([]);
  });

  it('gives a similar sentence to the model, from the threshold on', async () => {
    const { model, calls } = dictionaryModel(dictionary);
    const memory = memoryOf([['The car is blue.', 'Das Auto ist blau.']]);
    const [done] = await translateTexts(model, ['The car is red.'], { memory });
    expect(calls[0]?.similar).toEqual(['Das Auto ist blau.']);
    expect(done).toMatchObject({
      origin: 'model',
      matches: [{ kind: 'fuzzy', score: 0.8, source: 'The car is blue.' }],
    });
    await translateTexts(model, ['The car is red.'], { memory, threshold: 0.9 });
    expect(calls[1]?.similar).toEqual(['']);
  });

  it('tells the model which words of a similar sentence the text shares, by the aligner it was trained with', async () => {
    const { model, calls } = dictionaryModel(dictionary, { aligner: alignerOf('blue', 'blau') });
    const memory = memoryOf([['The car is blue.', 'Die Auto ist blau.']]);
    await translateTexts(model, ['The car is red.'], { memory });
    expect(calls[0]?.similar).toEqual(['Die Auto ist .']);
    expect(calls[0]?.others.flat().map((word) => word.toLowerCase())).toEqual(['blau']);
  });

  it('looks for a whole text first, then for its sentences', async () => {
    const { model, calls } = dictionaryModel(dictionary);
    const memory = memoryOf([['Open the door.', 'Tür auf!']]);
    const [done] = await translateTexts(model, ['The car is red.  Open the door.\nThe door is red.'], {
      memory,
      threshold: 1,
    });
    expect(done).toMatchObject({ text: 'Die auto ist rot.  Tür auf!\nDie tür ist rot.', origin: 'mixed' });
    expect(calls.map(({ texts }) => texts)).toEqual([['The car is red.', 'The door is red.']]);
  });

  it('finds entries with tags as tags or as numbered codes', async () => {
    const { model } = dictionaryModel(dictionary);
    const memory = memoryOf([['Press <1>OK</1> now', 'Jetzt <1>OK</1> drücken']]);
    const [html, plain] = await Promise.all(
      (['html', 'plain'] as const).map((format) =>
        translateTexts(model, ['Press <b class="x">OK</b> now'], { memory, format }),
      ),
    );
    expect(html?.[0]?.text).toBe('Jetzt <b class="x">OK</b> drücken');
    expect(plain?.[0]?.text).toBe('Jetzt <b class="x">OK</b> drücken');
  });
});

describe('terms', () => {
  const terms = glossary([{ source: 'car', target: 'Fahrzeug' }]);

  it('that the model has by itself are left alone', async () => {
    const { model, calls } = dictionaryModel(dictionary);
    const [done] = await translateTexts(model, ['the car'], {
      glossaries: glossary([{ source: 'car', target: 'Auto' }]),
    });
    expect(calls).toMatchObject([{ kind: 'search', terms: [[]] }]);
    expect(done).toMatchObject({ text: 'die auto', terms: [{ used: 'auto', form: 'exact', enforced: false }] });
  });

  it('that it misses go into its input, and the answer says that they were used', async () => {
    const { model, calls } = dictionaryModel(dictionary);
    const [done] = await translateTexts(model, ['The cars: open the car.'], {
      glossaries: terms,
      splitSentences: false,
    });
    expect(calls).toMatchObject([
      { kind: 'search', terms: [[]] },
      { kind: 'search', terms: [['Fahrzeug', 'Fahrzeug']] },
    ]);
    expect(done?.terms).toMatchObject([
      {
        source: 'car',
        target: 'Fahrzeug',
        found: 'cars',
        used: 'Fahrzeug',
        form: 'exact',
        enforced: false,
        glossary: null,
      },
      { found: 'car' },
    ]);
  });

  it('that it misses with them in its input must appear when it is decoded anew', async () => {
    const { model, calls } = dictionaryModel(dictionary, { obeys: false });
    const [done] = await translateTexts(model, ['the car', 'the door'], { glossaries: terms });
    expect(calls.map(({ kind, texts }) => [kind, texts.length])).toEqual([
      ['search', 2],
      ['search', 1],
      ['constrained', 1],
    ]);
    expect(done).toMatchObject({ terms: [{ used: 'Fahrzeug', enforced: true }], warnings: [] });
    const [free] = await translateTexts(model, ['the car'], { glossaries: terms, enforceTerms: false });
    expect(free).toMatchObject({ terms: [{ used: null, form: 'missed' }], warnings: [{ code: 'term-missed' }] });
  });

  it('of the request go before those of glossaries, and targets that are as good count', async () => {
    const { model, calls } = dictionaryModel(dictionary);
    const both = [
      ...glossary([{ source: 'car', target: 'Wagen' }]),
      ...glossary([
        { source: 'red car', target: 'x' },
        { source: 'door', target: 'Tor', alternatives: ['tür'] },
      ]),
    ];
    await translateTexts(model, ['the red car'], { glossaries: both });
    expect(calls[1]?.terms).toEqual([['Wagen']]);
    const lazy = dictionaryModel(dictionary, { obeys: false });
    const [done] = await translateTexts(lazy.model, ['the door'], { glossaries: both });
    expect(done?.terms).toMatchObject([{ target: 'Tor', used: 'tür', enforced: false }]);
    expect(lazy.calls).toHaveLength(1);
  });

  it('that must not be used are avoided where there is another way, else warned of', async () => {
    const forbidden = [new Glossary([{ source: 'car', target: 'Auto' }], 'en')];
    const stubborn = dictionaryModel(dictionary);
    const [bad] = await translateTexts(stubborn.model, ['the car'], { forbidden });
    expect(bad).toMatchObject({ text: 'die auto', warnings: [{ code: 'term-forbidden' }] });
    const alternative = (text: string, i: number) => (i === 5 ? text.replace('auto', 'wagen') : text);
    const { model } = dictionaryModel(dictionary, { alternative });
    const [good] = await translateTexts(model, ['the car'], { forbidden });
    expect(good).toMatchObject({ text: 'die wagen', warnings: [] });
  });
});

describe('markup', () => {
  it('comes back in HTML, attributes translated, code left alone', async () => {
    const { model } = dictionaryModel(dictionary);
    const [done] = await translateTexts(
      model,
      ['<p>Open <b>the door</b> &amp; <a href="/x" title="red">click</a>.</p><pre>the car</pre>'],
      { format: 'html' },
    );
    expect(done?.text).toBe('<p>Öffne <b>die tür</b> &amp; <a href="/x" title="rot">klicke</a>.</p><pre>the car</pre>');
    expect(done?.warnings).toEqual([]);
  });

  it('that the model loses is put back with a warning', async () => {
    const { model } = dictionaryModel(dictionary, { distort: (text) => text.replace(/[\uE000-\uE0FF]/g, '') });
    const [done] = await translateTexts(model, ['Open <b>the <i>red</i> door</b> {name} please']);
    expect(done?.text.match(/<[^>]+>|\{name\}/g)?.sort()).toEqual(['</b>', '</i>', '<b>', '<i>', '{name}']);
    expect(done?.warnings).toMatchObject([{ code: 'tags-guessed' }]);
    expect(done?.plain).not.toContain('<');
  });

  it('that the model loses goes around the words that it marked, sentence by sentence, where the model has an aligner', async () => {
    const lose = (text: string) => text.replace(/[\uE000-\uE0FF]/g, '').replace(/^(\S+) (.*)\.$/, '$2 $1.');
    const { model } = dictionaryModel(dictionary, { distort: lose, aligner: alignerOf() });
    const [done] = await translateTexts(model, ['Open <b>the red</b> door. <i>Click</i> please.']);
    expect(done?.text).toBe('<b>die rot</b> tür Öffne. bitte <i>Klicke</i>.');
    expect(done?.warnings).toMatchObject([{ code: 'tags-guessed' }]);
  });

  it('that throws the model off is left out of its input, and put around the words that it marked', async () => {
    const confused = (text: string) => (/[\uE001-\uE0FF]/.test(text) ? 'tür tür' : text);
    const { model, calls } = dictionaryModel(dictionary, { distort: confused, aligner: alignerOf() });
    const texts = ['Open <b>the <i>red</i></b> door {name}.', 'The <b>car</b> is red.'];
    const done = await translateTexts(model, texts);
    expect(done.map(({ text }) => text)).toEqual([
      'Öffne <b>die <i>rot</i></b> tür {name}.',
      'Die <b>auto</b> ist rot.',
    ]);
    expect(done[0]?.plain).toBe('Öffne die rot tür {name}.');
    expect(calls.at(-1)?.texts).toEqual(['Open the red door \uE000.', 'The car is red.']);
  });

  it('comes back whole from a model that drops, doubles and moves it: 200 texts', async () => {
    const random = new Random(7);
    const spoil = (text: string) => {
      const letters = [...text].flatMap((c) => {
        if (!/[\uE000-\uE0FF]/.test(c) || random.next() < 0.5) return [c];
        return random.next() < 0.5 ? [] : [c, c];
      });
      return letters.sort(() => (random.next() < 0.02 ? -1 : 0)).join('');
    };
    const { model } = dictionaryModel(dictionary, { distort: spoil });
    const tags = ['b', 'i', 'a', 'span'];
    const nested = (depth: number): string => {
      const word = Object.keys(dictionary)[random.below(8)] as string;
      if (depth === 0) return random.next() < 0.3 ? `{v${random.below(9)}} ${word}` : word;
      const tag = tags[random.below(tags.length)] as string;
      return `${word} <${tag} id="${random.below(100)}">${nested(depth - 1)}</${tag}> ${nested(depth - 1)}`;
    };
    const texts = Array.from({ length: 200 }, (_, i) => `Please ${nested(1 + (i % 3))} now.`);
    const parts = (text: string) => text.match(/<[^>]+>|\{\w+\}/g) ?? [];
    const done = await translateTexts(model, texts);
    for (const [i, { text }] of done.entries()) {
      expect(parts(text).sort()).toEqual(parts(texts[i] as string).sort());
      const open: string[] = [];
      for (const tag of text.match(/<\/?\w+/g) ?? []) {
        if (tag.startsWith('</')) expect(open.pop()).toBe(tag.slice(2));
        else open.push(tag.slice(1));
      }
      expect(open).toEqual([]);
    }
  });

  it.each(['', '  ', '42', '{0}', '<br>', '…'])('copies %j, which has nothing to translate', async (text) => {
    const { model, calls } = dictionaryModel(dictionary);
    expect(await translateTexts(model, [text])).toMatchObject([{ text, origin: 'copied', confidence: 1 }]);
    expect(calls).toEqual([]);
  });
});

it('computes equal sentences once, gives alternatives, and keeps a long text without full stops within what the model knows', async () => {
  const { model, calls } = dictionaryModel(dictionary);
  const [one, two] = await translateTexts(model, ['the car', 'the car'], { translations: 3 });
  expect(calls[0]?.texts).toEqual(['the car']);
  expect(one).toEqual(two);
  expect(one?.alternatives).toEqual(['die auto!', 'die auto!!']);
  const long = 'red '.repeat(20_000).trim();
  const [done] = await translateTexts(model, [long]);
  expect(done?.text.toLowerCase()).toBe('rot '.repeat(20_000).trim());
  expect(Math.max(...calls.flatMap(({ texts }) => texts.map((text) => text.length)))).toBeLessThan(1000);
});

it('ends at the signal, and refuses what does not fit into the queue', async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { model } = dictionaryModel(dictionary, { gate: () => gate }, { maxWaiting: 2, windowMs: 0 });
  const stop = new AbortController();
  const cancelled = translateTexts(model, ['the car'], { signal: stop.signal });
  const refused = translateTexts(model, ['a b', 'c d', 'e f']);
  await expect(refused).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
  stop.abort();
  await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
  open();
});

it('answers what a memory has although nothing more fits into the queue, and refuses the rest before it prepares it', async () => {
  const { model, calls } = dictionaryModel(dictionary, {}, { maxWaiting: 0 });
  const memory = {
    similar: () => null,
    exact: async () => new Map([['the car', { memory: 'm', entry: '1', source: 'the car', target: 'der Wagen' }]]),
  };
  expect((await translateTexts(model, ['the car'], { memory }))[0]?.text).toBe('der Wagen');
  await expect(translateTexts(model, ['the car', 'red'], { memory })).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(calls).toEqual([]);
  const goesOn = await translateTexts(model, ['red'], { admitted: true });
  expect(goesOn[0]?.text).toBe('rot');
});

it('tells when the texts wait for the model, and not when none does', async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { model } = dictionaryModel(dictionary, { gate: () => gate });
  const told = new Promise<void>((resolve) => {
    void translateTexts(model, ['the car'], { onQueued: resolve });
  });
  await told;
  open();
  let times = 0;
  await translateTexts(model, ['42'], { onQueued: () => times++ });
  expect(times).toBe(0);
});
