import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { cleanCorpus, LanguageDetector } from '../../../domain/nlp/corpus/index.ts';
import { Random } from '../../../domain/nlp/index.ts';
import { FuzzySampler, neighbours, TranslationMemory } from '../../../domain/nlp/memory/index.ts';
import { type Subwords, trainSubwords } from '../../../domain/nlp/subwords/index.ts';
import { containedTermAccuracy, Glossary, mineTerms, TermSampler } from '../../../domain/nlp/terminology/index.ts';

const data = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const there = existsSync(data);

if (!there) console.warn(`Skipped: the real translations are not at ${data}.`);

const lines = (path: string) => {
  const bytes = readFileSync(`${data}/${path}`);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trimEnd().split('\n');
};

describe.skipIf(!there)('the text side on real translations', () => {
  let en: string[];
  let de: string[];
  let subwords: Subwords;

  beforeAll(() => {
    en = lines('multi30k/train.en.gz');
    de = lines('multi30k/train.de.gz');
    subwords = trainSubwords(
      [
        { language: 'en', texts: en },
        { language: 'de', texts: de },
      ],
      { size: 10_000 },
    );
  });

  it('encodes all pairs within seconds, and gives every sentence back', () => {
    expect(subwords.size).toBe(10_000);
    const start = performance.now();
    const ids = [
      en.map((text) => subwords.encode(text, { language: 'en' })),
      de.map((text) => subwords.encode(text, { language: 'de' })),
    ];
    expect(performance.now() - start).toBeLessThan(6000);
    for (const i of [0, 1, 2, 500, 28_999]) {
      expect(subwords.decode(ids[0]?.[i] ?? [])).toBe(en[i]);
      expect(subwords.decode(ids[1]?.[i] ?? [])).toBe(de[i]);
    }
    const tokens = ids.flat().reduce((sum, list) => sum + list.length, 0);
    expect(tokens / (2 * en.length)).toBeLessThan(15);
  });

  it('makes annotated examples whose parts say what they are', () => {
    const pairs = en.slice(0, 3000).map((source, i) => ({ source, target: de[i] as string }));
    const languages = { source: 'en', target: 'de' };
    const terms = new TermSampler(mineTerms(pairs, languages), { seed: 1, epoch: 0, share: 1 });
    const fuzzy = new FuzzySampler(pairs, neighbours(pairs), { seed: 1, epoch: 0, share: 1, languages });
    let [annotated, appended] = [0, 0];
    for (const [i, pair] of pairs.entries()) {
      const drawn = terms.draw(i);
      const { source, factors } = subwords.encodeSource([...drawn.source, ...fuzzy.draw(i)], { language: 'en' });
      expect(source).toHaveLength(factors.length);
      const plain = source.filter((_, k) => (factors[k] as number) < 2);
      expect(subwords.decode(plain)).toBe(pair.source);
      if (factors.includes(2)) annotated++;
      if (factors.includes(3)) appended++;
    }
    expect(annotated).toBeGreaterThan(2000);
    expect(appended).toBeGreaterThan(800);
  });

  it('counts the terms of a shop system as the independent scorer does', () => {
    const rows = lines('shopware/dev.en-de.tsv')
      .slice(1)
      .map((row) => row.split('\t'));
    const terms = lines('shopware/glossary.en-de.csv')
      .slice(1)
      .map((row) => ({ source: row.split(',')[0] as string, target: row.split(',')[1] as string }));
    const [source, target] = [rows.map((row) => row[0] as string), rows.map((row) => row[1] as string)];
    const { terms: count, accuracy } = containedTermAccuracy(source, target, terms);
    expect([count, Math.round(accuracy * 10_000) / 10_000]).toEqual([183, 0.8798]);
    const glossary = new Glossary(terms, 'en');
    expect(source.filter((text) => glossary.find(text).length > 0).length).toBeGreaterThan(130);
  });

  it('keeps what is clean and refuses what is of another language', async () => {
    const detector = await LanguageDetector.load();
    const languages = { detector, source: 'en', target: 'de' };
    const clean = cleanCorpus(
      en.slice(0, 5000).map((source, i) => ({ source, target: de[i] as string })),
      { languages },
    );
    expect(clean.report.kept).toBeGreaterThan(4970);
    const swapped = cleanCorpus(
      en.slice(0, 1000).map((target, i) => ({ source: de[i] as string, target })),
      { languages },
    );
    expect(swapped.report.refused.language).toBeGreaterThan(950);
  });

  it('looks up a text among 100,000 segments within milliseconds', () => {
    const random = new Random(1);
    const sources = [...en];
    const half = (text: string | undefined, from: boolean) => {
      const list = (text ?? '').split(' ');
      return from ? list.slice(0, list.length >> 1) : list.slice(list.length >> 1);
    };
    while (sources.length < 100_000) {
      sources.push([...half(en[random.below(en.length)], true), ...half(en[random.below(en.length)], false)].join(' '));
    }
    const memory = new TranslationMemory(sources.map((source, i) => ({ id: String(i), source, target: source })));
    const times = lines('multi30k/test_2016_flickr.en.gz').map((text) => {
      const start = performance.now();
      memory.lookUp(text);
      return performance.now() - start;
    });
    expect(times.sort((a, b) => a - b)[500]).toBeLessThan(15);
  });
});
