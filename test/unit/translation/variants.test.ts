import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainTinyModel } from '../../../bench/tiny-translation-model.ts';
import { placeholder } from '../../../domain/nlp/text/index.ts';
import { corpusMemory } from '../../../pipelines/translation/corpus-memory.ts';
import { type CorpusModel, CorpusTranslator } from '../../../pipelines/translation/translate-corpus.ts';
import { matchesOf, variantsOf } from '../../../pipelines/translation/variants.ts';

const pair = { source: 'en', target: 'de' };
const signal = new AbortController().signal;
const rows = [
  { source: 'The red car is old.', target: 'Das rote Auto ist alt.' },
  { source: `The key of ${placeholder(0)} is new.`, target: `Der Schlüssel von ${placeholder(0)} ist neu.` },
];
const translator = new CorpusTranslator();
let model: CorpusModel;
beforeAll(async () => {
  model = { ...(await trainTinyModel()), pair, pairs: [pair], aligner: null };
});
afterAll(() => translator.close());

describe('ways to translate what a run is judged on', () => {
  it('have one thing more each, and none that the run does not have', () => {
    const memory = corpusMemory(rows);
    const terms = [{ source: 'car', target: 'Fahrzeug' }];
    const names = (...given: Parameters<typeof variantsOf>) => variantsOf(...given).map(({ name }) => name);
    const all = ['general', 'adapted', 'adapted + terms', 'adapted + terms + memory'];
    expect(names(model, { ...model }, terms, memory)).toEqual(all);
    expect(names(model, { ...model }, [], memory)).toEqual(['general', 'adapted', 'adapted + memory']);
    expect(names(model, null, terms, null)).toEqual(['general', 'general + terms']);
  });

  it('take from a memory what it has, and show the model what is similar, as serving does', async () => {
    const memory = corpusMemory(rows);
    if (memory === null) throw new Error('two rows are not too many');
    const texts = ['The red car is old.', 'The red car is new.', 'The window is heavy.'];
    const translated = await translator.translate(model, texts, { memory, signal });
    expect(translated.map(({ origin }) => origin)).toEqual(['memory', 'model', 'model']);
    expect(translated[0]?.text).toBe('Das rote Auto ist alt.');
    expect(translated[1]?.matches).toMatchObject([{ kind: 'fuzzy', source: 'The red car is old.' }]);
    expect(matchesOf(translated)).toEqual({ exact: 1, fuzzy: 1 });
    const plain = await translator.translate(model, texts, { signal });
    expect(plain[0]?.text).toBe('Das rot Wagen ist alt.');
    expect(matchesOf(plain)).toEqual({ exact: 0, fuzzy: 0 });
  });

  it('keep placeholders of masked texts, in translations of the model and of the memory', async () => {
    const [given, memory] = [[`The red ${placeholder(0)} car is old.`, rows[1]?.source as string], corpusMemory(rows)];
    const [one, other] = await translator.translate(model, given, { ...(memory && { memory }), signal });
    expect([...(one?.text ?? '')].filter((c) => c === placeholder(0))).toHaveLength(1);
    expect(other?.text).toBe(rows[1]?.target);
  });

  it('translate a text of two sentences as one, and enforce terms as serving does', async () => {
    const terms = [{ source: 'door', target: 'Quonkzilp' }];
    const memory = corpusMemory([{ source: 'The key is new.', target: 'Neuer Schlüssel.' }]);
    const given = { terms, ...(memory && { memory }), signal };
    const [done] = await translator.translate(model, ['The door is old. The key is new.'], given);
    expect(done).toMatchObject({ origin: 'model', matches: [], terms: [{ source: 'door', enforced: true }] });
  });
});
