import { describe, expect, it } from 'vitest';
import { type DocumentOptions, documentLimits } from '../../../../contracts/documents.ts';
import { PerennialError } from '../../../../contracts/errors.ts';
import type { TranslationAnswer } from '../../../../contracts/translation.ts';
import { translateDocument } from '../../../../domain/nlp/documents/index.ts';
import { type Masked, restore } from '../../../../domain/nlp/markup/index.ts';
import type { SegmentsRequest, TranslationService } from '../../../../domain/nlp/translator/index.ts';

const options: DocumentOptions = {
  glossaries: ['g'],
  memory: true,
  memories: null,
  threshold: 0.8,
  model: 'champion',
  existing: 'keep',
  encoding: null,
};

/** A service that translates into capitals, and remembers what it was asked. */
function service(answer: (text: string) => Partial<TranslationAnswer> = () => ({})) {
  const asked: { texts: string[]; request: SegmentsRequest }[] = [];
  const translate = (segment: Masked, index: number): TranslationAnswer => ({
    index,
    text: restore(segment.text.toUpperCase(), segment).text,
    source: 'en',
    target: 'de',
    alternatives: [],
    origin: 'model',
    confidence: 1,
    matches: [],
    terms: [],
    warnings: [],
    model: { name: 'm', version: 7, configuration: 2 },
    ...answer(segment.text),
  });
  const fake: Pick<TranslationService, 'segments' | 'check' | 'sourceOf'> = {
    async segments(segments, request) {
      asked.push({ texts: segments.map(({ text }) => text), request });
      return segments.map(translate);
    },
    async check({ source }) {
      if (source !== 'en') throw new PerennialError('NOT_FOUND', 'no such pair');
    },
    sourceOf: async () => ({ language: 'fr', confidence: 0.6 }),
  };
  return { asked, service: fake as TranslationService };
}

const translate = (
  given: ReturnType<typeof service>,
  text: string,
  more: Partial<Parameters<typeof translateDocument>[1]> & { signal?: AbortSignal } = {},
) => {
  const progress: [number, number][] = [];
  const warnings: string[] = [];
  const { signal = new AbortController().signal, ...rest } = more;
  return translateDocument(
    given.service,
    { format: 'txt', bytes: Buffer.from(text), source: 'en', target: 'de', options, ...rest },
    { signal, progress: (...told) => progress.push(told), warn: (message) => warnings.push(message) },
  ).then((done) => ({ ...done, text: Buffer.from(done.bytes).toString(), progress, warnings }));
};

describe('the translation of a document', () => {
  it('asks for each text once, in turns, and stays with one version of the model', async () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `line ${'abcdefghij'[i % 10]}${i % 500}`);
    const fake = service();
    const { text, progress, evidence, characters } = await translate(fake, lines.join('\n'));
    expect(text).toBe(lines.join('\n').toUpperCase());
    expect(fake.asked.map(({ texts }) => texts.length)).toEqual([256, 244]);
    expect(fake.asked.map(({ request }) => request.model)).toEqual(['champion', '7']);
    expect(fake.asked[0]?.request).toMatchObject({
      source: 'en',
      target: 'de',
      glossaries: ['g'],
      memory: { threshold: 0.8 },
    });
    expect(progress).toEqual([
      [0, 1000],
      [512, 1000],
      [1000, 1000],
    ]);
    expect(evidence).toMatchObject({ segments: { total: 1000, model: 1000 }, model: { name: 'm', version: 7 } });
    expect(characters).toBe(lines.join('').length);
  });

  it('adds up where translations are from, terms and warnings, and tells the first of these', async () => {
    const match = { memory: 'm', entry: '1', score: 1, source: '', target: '' };
    const term = { source: 's', target: 't', found: 's', glossary: null };
    const answers: Record<string, Partial<TranslationAnswer>> = {
      exact: { origin: 'memory', matches: [{ ...match, kind: 'exact' }], model: null },
      numbers: { origin: 'memory', matches: [{ ...match, kind: 'numbers' }], model: null },
      fuzzy: { matches: [{ ...match, kind: 'fuzzy' }], terms: [{ ...term, used: 't', form: 'exact', enforced: true }] },
      mixed: { origin: 'mixed', warnings: [{ code: 'memory-left-out', message: 'The memory "m" is too large.' }] },
      large: { warnings: [{ code: 'memory-left-out', message: 'The memory "m" is too large.' }] },
      missed: {
        terms: [{ ...term, used: null, form: 'missed', enforced: false }],
        warnings: [{ code: 'term-missed', message: '"s" is not translated as "t".' }],
      },
    };
    const fake = service((text) => answers[text] ?? {});
    const { evidence, warnings } = await translate(fake, 'exact\nnumbers\nfuzzy\nmixed\nlarge\nmissed\nmissed');
    expect(evidence).toEqual({
      segments: { total: 7, exact: 2, fuzzy: 1, model: 3, mixed: 1, copied: 0 },
      kept: 0,
      terms: { applied: 1, missed: 2, enforced: 1 },
      warnings: { 'term-missed': 2, 'memory-left-out': 1 },
      model: { name: 'm', version: 7, configuration: 2 },
      detected: null,
    });
    expect(warnings).toEqual([
      'term-missed in segment 6: "s" is not translated as "t".',
      'The memory "m" is too large.',
    ]);
  });

  it('takes the language that is given, else what the document says, else the likeliest', async () => {
    const page = (lang: string) => `<html lang="${lang}"><body><p>Hello</p></body></html>`;
    const of = async (format: 'html' | 'txt', text: string, source: string | null = null) => {
      const { source: found, evidence } = await translate(service(), text, { format, source });
      return [found, evidence.detected];
    };
    expect(await of('html', page('en'))).toEqual(['en', null]);
    expect(await of('html', page('xx'))).toEqual(['fr', 0.6]);
    expect(await of('html', page('fr'), 'en')).toEqual(['en', null]);
    expect(await of('txt', 'Hello')).toEqual(['fr', 0.6]);
  });

  it('ends when it is told to, and refuses what is too large', async () => {
    await expect(translate(service(), 'a', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    const many = 'a\n'.repeat(documentLimits.segments + 1);
    await expect(translate(service(), many)).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
  });

  it('leaves memories out where it is asked to, and takes those that are named', async () => {
    const asked = async (more: Partial<DocumentOptions>) => {
      const fake = service();
      await translate(fake, 'a', { options: { ...options, ...more } });
      return fake.asked[0]?.request.memory;
    };
    expect(await asked({ memory: false })).toBe(false);
    expect(await asked({ memories: ['m'] })).toEqual({ ids: ['m'], threshold: 0.8 });
  });
});
