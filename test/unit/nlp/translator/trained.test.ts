import { afterAll, expect, it } from 'vitest';
import { trainTinyModel } from '../../../../bench/tiny-translation-model.ts';
import { Decoder } from '../../../../domain/nlp/decoding/index.ts';
import { prepareTerms, ServedModel, translateTexts } from '../../../../domain/nlp/translator/index.ts';
import { SessionThreads } from '../../../../domain/serving/index.ts';

const threads = new SessionThreads(1);
afterAll(() => threads.close());

it('translates with a trained model: sentences, learnt terms, unknown terms, tags', async () => {
  const { subwords, shape, weights } = await trainTinyModel();
  const pair = { source: 'en', target: 'de' };
  const decoder = new Decoder({ shape, weights: () => weights }, threads, { precision: 'float32' });
  const model = new ServedModel(pair, { subwords, decoder, pairs: [pair] });
  const texts = ['The red car is old. The door is heavy.', 'The <b>clean</b> window is new.'];
  const plain = await translateTexts(model, texts);
  expect(plain[0]).toMatchObject({ text: 'Das rot Wagen ist alt. Das Tür ist schwer.', origin: 'model' });
  expect(plain[0]?.confidence).toBeGreaterThan(0.8);
  expect(plain[1]?.text.match(/<\/?b>/g)).toEqual(['<b>', '</b>']);
  const { required } = prepareTerms(
    [
      { source: 'car', target: 'Fahrzeug' },
      { source: 'door', target: 'Quonk' },
    ],
    'en',
  );
  const [terms] = await translateTexts(model, texts, { glossaries: [required] });
  expect(terms?.text).toContain('Fahrzeug');
  expect(terms?.text).toContain('Quonk');
  expect(terms?.terms).toMatchObject([
    { source: 'car', used: 'Fahrzeug', enforced: false },
    { source: 'door', used: 'Quonk' },
  ]);
});
