import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkVersion } from '../../../domain/registry/kinds.ts';
import { readLineage } from '../../../domain/registry/lineage.ts';
import { OffersParams } from '../../../pipelines/offers/params.ts';
import { registeredModels } from '../../../pipelines/offers/registered-models.ts';
import { publish } from '../../../pipelines/offers/steps/publish.ts';
import { openPublishingPlace, type PublishingPlace } from '../../support/published.ts';
import { evaluationContent } from './evaluation-content.ts';

let place: PublishingPlace;
let inputs: Record<string, unknown>;
const model = 'offers-next-products';
const params = Value.Default(OffersParams, {}) as OffersParams;
const sha256 = 'd'.repeat(64);

beforeAll(async () => {
  place = await openPublishingPlace();
  const part = async (text: string) => ({ ...(await place.artifacts.putBytes(Buffer.from(text))) });
  const table = await part('a table');
  inputs = {
    validate: { asOf: '2026-07-01', newest: '2026-06-30', ageDays: 1, partitions: 181, sha256, warnings: [] },
    preprocess: {
      ...{ asOf: '2026-07-01', rows: 5000, customers: 10, products: 20, markets: ['FR'] },
      ...{ firstDate: '2026-01-01', lastDate: '2026-06-30' },
      tables: { sales: table, customers: table, products: table, interactions: table },
    },
    'plan-training': { train: true, reason: 'x', decision: 'd-1', holdoutFrom: '2026-06-01', horizonDays: 30 },
    represent: { vectors: await part('vectors') },
    train: { ranker: await part('ranker'), levels: { all: 1, fresh: 1 } },
    evaluate: { ...evaluationContent().evaluation, champion: null },
  };
});
afterAll(() => place.close());

const run = (more: Record<string, unknown> = {}) =>
  publish.run!(place.context({ pipeline: 'offers', params, inputs: { ...inputs, ...more } }));

describe('publishing a model of next products', () => {
  it('says what it has learned from, by which code, what it is for, and what each figure means', async () => {
    expect(await run()).toEqual({
      ...{ version: 1, promoted: true, reason: 'there was no champion to compare with', rollouts: [] },
    });
    const version = (await place.database.models.byAlias(model, 'champion'))!;
    expect(version.files.map(({ name }) => name)).toEqual(['model', 'product-vectors', 'ranker']);
    expect(await checkVersion(registeredModels, place.artifacts, version)).toBe(true);
    expect(readLineage(version.lineage)).toMatchObject({
      ...{ pipeline: 'offers', run: 'run-1', step: 'publish', asOf: '2026-07-01', params: { seed: 1, topK: 20 } },
      code: { version: '1.2.3', commit: 'c0ffee', steps: { publish: '1', train: '3' } },
      data: [
        {
          ...{ dataset: 'offers/sales', rows: 5000, partitions: 181, sha256 },
          ...{ asOf: '2026-07-01', from: '2026-01-01', to: '2026-06-30' },
        },
      ],
    });
    expect(Object.keys(version.facts?.metrics ?? {})).toEqual(expect.arrayContaining(Object.keys(version.metrics)));
    expect(version.facts?.limits[0]).toContain('the 30 days after');
    expect(version.signature?.outputs.map(({ name }) => name)).toContain('probability');
    expect(await place.database.models.history(model)).toMatchObject([
      { version: 1, by: 'run run-1', runId: 'run-1', decisionId: 'd-1' },
    ]);
  });

  it('leaves the champion that somebody chose while it was judged, and publishes what plans of before hand over', async () => {
    const againstChampion = { mean: 0.1, lower95: 0.05, upper95: 0.15 };
    const evaluate = { ...(inputs['evaluate'] as object), againstChampion };
    const better = await run({ evaluate: { ...evaluate, champion: 1 }, represent: null });
    expect(better).toMatchObject({ version: 2, promoted: true });
    expect((await place.database.models.get(model, 2))?.files.map(({ name }) => name)).toEqual([
      'model',
      'closed-form',
    ]);
    const late = await run({ evaluate: { ...evaluate, champion: 1 }, validate: null, 'plan-training': null });
    expect(late).toMatchObject({ version: 3, promoted: false, reason: expect.stringContaining('changed while') });
    expect(await place.database.models.get(model, 3)).toMatchObject({ aliases: ['challenger'], lineage: { data: [] } });
  });

  it('brings a better version in market by market where the run, or the decision that it carries out, says so', async () => {
    const champion = (await place.database.models.byAlias(model, 'champion'))!.version;
    const againstChampion = { mean: 0.1, lower95: 0.05, upper95: 0.15 };
    const judged = { ...(inputs['evaluate'] as object), againstChampion, champion };
    const plan = { ...(inputs['plan-training'] as object), promote: 'rollout' };
    const again = {
      evaluate: judged,
      'plan-training': plan,
      train: { ...(inputs['train'] as object), levels: { all: 0.9, fresh: 0.8 } },
    };
    const output = await run(again);
    expect(output).toMatchObject({ promoted: false, rollouts: [expect.any(String)] });
    const { rollouts } = await place.database.rollouts.list({ model }, { limit: 5 });
    expect(rollouts).toMatchObject([
      {
        ...{ id: (output as { rollouts: string[] }).rollouts[0], market: 'FR', base: champion, by: expect.any(String) },
        plan: { onInconclusive: 'go-on', gates: [{ name: 'ndcg' }, { name: 'hit' }, { name: 'listed' }] },
      },
    ]);
    expect(await place.database.models.byAlias(model, 'champion')).toMatchObject({ version: champion });
    // A run that may not promote at all starts none.
    const held = place.context({
      pipeline: 'offers',
      params: { ...params, promote: 'never' as const },
      inputs: { ...inputs, ...again },
    });
    expect(await publish.run!(held)).toMatchObject({ promoted: false, rollouts: [] });
  });
});
