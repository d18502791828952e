import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkVersion } from '../../../domain/registry/kinds.ts';
import { readLineage } from '../../../domain/registry/lineage.ts';
import { TranslationParams } from '../../../pipelines/translation/params.ts';
import { registeredModels } from '../../../pipelines/translation/registered-models.ts';
import { publish } from '../../../pipelines/translation/steps/publish.ts';
import { openPublishingPlace, type PublishingPlace } from '../../support/published.ts';

let place: PublishingPlace;
beforeAll(async () => {
  place = await openPublishingPlace();
});
afterAll(() => place.close());

const scores = (name: string, bleu: number, termsLemmatised: number | null = null) => ({
  ...{ name, bleu, bleuLowercase: bleu, chrf: bleu + 20, termsExact: null, termsLemmatised },
});

it('publishes a translation model with its parts, its figures by domain, and what it has learned from', async () => {
  const part = async (text: string) => ({ ...(await place.artifacts.putBytes(Buffer.from(text))) });
  const corpus = async (name: string, trainPairs: number) => ({
    ...{ train: await part(name), dev: await part('dev'), trainPairs, devPairs: 5 },
  });
  const trained = async (name: string) => ({
    ...{ weights: await part(name), steps: 1, devLoss: 1, devBleu: 1, stopped: 'time' },
  });
  const [texts, aligner] = [await part('texts'), await part('aligner')];
  const general = await corpus('general', 100);
  const params = Value.Default(TranslationParams, { pair: 'en-de', memories: ['manual'] }) as TranslationParams;
  const inputs = {
    ingest: {
      parts: [
        { domain: 'general', part: 'general', rows: 100, refused: 0 },
        { domain: 'manual', part: 'memory', rows: 40, refused: 2 },
      ],
    },
    preprocess: { general, domain: await corpus('domain', 40), rejected: {} },
    subwords: { subwords: await part('subwords'), size: 100 },
    'mine-terms': {
      ...{ general: texts, generalDev: texts, domain: texts, domainDev: texts, aligner, candidates: 1 },
    },
    'train-general': await trained('general weights'),
    adapt: await trained('adapted weights'),
    evaluate: {
      sets: [
        { name: 'general', sentences: 5, terms: 0, variants: [scores('general', 30), scores('adapted', 29)] },
        {
          ...{ name: 'domain', sentences: 5, terms: 3 },
          variants: [scores('general', 10), scores('adapted', 40), scores('adapted + terms', 41, 0.9)],
        },
      ],
      ...{ againstChampion: null, champion: null },
    },
  };
  const run = (given: Partial<TranslationParams> = {}, more = {}) =>
    publish.run!(
      place.context({ pipeline: 'translation', params: { ...params, ...given }, inputs: { ...inputs, ...more } }),
    );
  const output = await run();
  expect(output).toMatchObject({ model: 'translation-en-de', version: 1, promoted: true });
  const version = (await place.database.models.byAlias('translation-en-de', 'champion'))!;
  expect(version.files.map(({ name }) => name)).toEqual(['model', 'weights', 'tokenizer', 'aligner']);
  expect(await checkVersion(registeredModels, place.artifacts, version)).toBe(true);
  const { sets, ...figures } = version.metrics;
  expect(sets).toHaveLength(2);
  expect(figures).toEqual({
    ...{ bleu: 40, chrf: 60, bleuGeneral: 29, chrfGeneral: 49, bleuTerms: 41, termsLemmatised: 0.9 },
  });
  expect(Object.keys(version.facts?.metrics ?? {})).toEqual(expect.arrayContaining(Object.keys(figures)));
  expect(version.lineage).toMatchObject({ pairs: 140, rows: 42 });
  const { data, code } = readLineage(version.lineage);
  expect(data).toEqual([
    { dataset: 'parallel/general', rows: 100, sha256: general.train.sha256 },
    { dataset: 'parallel/manual', rows: 40, sha256: expect.any(String) },
  ]);
  expect(code).toMatchObject({ version: '1.2.3', commit: 'c0ffee' });

  // A better one of a run that says so: by a rollout, with the gates of translations.
  const evaluate = { ...inputs.evaluate, againstChampion: { mean: 1, lower95: 0.5, upper95: 1.5 }, champion: 1 };
  const better = await run({ promote: 'rollout' }, { evaluate, adapt: await trained('better weights') });
  expect(better).toMatchObject({ version: 2, promoted: false, rollouts: [expect.any(String)] });
  const { rollouts } = await place.database.rollouts.list({ model: 'translation-en-de' }, { limit: 5 });
  expect(rollouts).toMatchObject([{ version: 2, base: 1, market: '', reason: expect.stringContaining('BLEU +1') }]);
  expect(rollouts[0]?.plan.gates.map(({ name }) => name)).toEqual([
    ...['errors', 'latency', 'terms', 'confidence', 'correction'],
  ]);
});
