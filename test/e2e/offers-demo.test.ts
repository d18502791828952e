import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputOf, type RunDetail } from '../../cli/runs.ts';
import type { ChosenOffer } from '../../contracts/chosen-offers.ts';
import type { DecisionShown } from '../../contracts/decisions.ts';
import type { AssortmentGap } from '../../contracts/gaps.ts';
import type { MarketListRow } from '../../contracts/market-lists.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import type { CustomerPrediction, Kpi } from '../../contracts/offers.ts';
import { quoteList } from '../../domain/preprocessing/sql.ts';
import { readLineage } from '../../domain/registry/lineage.ts';
import { duckdbEngine } from '../../engines/duckdb/engine.ts';
import { generateDemo } from '../../pipelines/offers/demo/index.ts';
import type { EvaluateOutput, ResponseOutput } from '../../pipelines/offers/outputs.ts';
import { fileLake } from '../../storage/lake/file.ts';
import { type Installation, startInstallation } from '../support/installation.ts';

interface Truth {
  readonly customer: string;
  readonly market: string;
  readonly staples: readonly string[];
  readonly gap: readonly string[];
}

let perennial: Installation;
let demo: string;
let truth: Truth[];
let first: RunDetail;

beforeAll(async () => {
  perennial = await startInstallation();
  demo = join(perennial.home, 'demo');
  await generateDemo({ customers: 130, products: 64, days: 150, markets: 3, out: demo });
  truth = JSON.parse(readFileSync(join(demo, 'truth.json'), 'utf8')) as Truth[];
  const [source, outcomes, documents] = ['sales', 'offers.csv', 'documents'].map((name) => join(demo, name));
  first = await perennial.runOffers({ source, outcomes, documents });
}, 300_000);
afterAll(() => perennial.close());

const versionsOf = async (model: string) =>
  (await perennial.api.get<{ models: ModelVersion[] }>('/v1/models', { model })).models;

describe('the offers pipeline on demo data', () => {
  it('runs every step to its end', () => {
    expect(first.error).toBeNull();
    expect(first.status).toBe('succeeded');
    expect(first.steps.filter((s) => s.status !== 'succeeded')).toEqual([]);
    for (const step of first.steps) expect(step.finishedAt).not.toBeNull();
  });

  it('makes the first model the champion, with its figures and where it came from', async () => {
    const models = await versionsOf('offers-next-products');
    expect(models).toHaveLength(1);
    expect(models[0]).toMatchObject({
      version: 1,
      aliases: ['champion'],
      lineage: { run: first.id, asOf: '2026-07-01' },
    });
    expect(models.find(({ model }) => model === 'offers-next-products')?.metrics['ndcgAll']).toBeGreaterThan(0);
    expect(models[0]?.files.map(({ name }) => name)).toEqual(['model', 'product-vectors', 'ranker', 'profile']);
  });

  it('says of every model what it has learned from, by which code, what it is for and what it takes', async () => {
    const { models } = await perennial.api.get<{ models: ModelVersion[] }>('/v1/models');
    expect(new Set(models.map(({ model }) => model)).size).toBe(3);
    for (const { model, lineage, facts, signature, metrics } of models) {
      const { data, code, pipeline, params } = readLineage(lineage);
      expect([pipeline, params?.['seed']], model).toEqual(['offers', 1]);
      const sales = data?.find(({ dataset }) => dataset === 'offers/sales');
      expect(sales, model).toMatchObject({ asOf: '2026-07-01', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(sales?.partitions, model).toBeGreaterThan(100);
      expect(code, model).toMatchObject({ version: expect.any(String), steps: { publish: '1', evaluate: '4' } });
      expect(signature?.outputs.length, model).toBeGreaterThan(0);
      // Every figure is explained.
      expect(Object.keys(facts?.metrics ?? {}), model).toEqual(expect.arrayContaining(Object.keys(metrics)));
    }
  });

  it('has lists for every customer of every market, that find what customers use', async () => {
    const served = new Map<string, CustomerPrediction>();
    for (const market of new Set(truth.map((t) => t.market))) {
      const { predictions } = await perennial.api.get<{ predictions: CustomerPrediction[] }>(
        `/v1/offers/markets/${encodeURIComponent(market)}/predictions`,
        { limit: 500 },
      );
      for (const p of predictions) served.set(p.customerId, p);
    }
    const bought = truth.filter((t) => served.has(t.customer));
    // A customer whose first order fell behind the last day bought nothing.
    expect(bought.length).toBeGreaterThan(0.9 * truth.length);
    let [hits, listed] = [0, 0];
    for (const { customer, staples } of bought) {
      const top = served.get(customer)?.products.slice(0, 5) ?? [];
      listed += top.length;
      hits += top.filter((p) => staples.includes(p.productId)).length;
      for (const p of served.get(customer)?.newProducts ?? []) expect(p.isNew).toBe(true);
      for (const p of top) expect(p.reason).not.toBe('');
    }
    // By chance about one in ten would be a staple.
    expect(hits / listed).toBeGreaterThan(0.5);
  });

  it('chooses offers under the budget of each market, with holdouts, and judges the response on later days', async () => {
    const { trained, evaluation } = outputOf(first, 'train-response') as unknown as ResponseOutput;
    expect(trained).toBe(true);
    expect(evaluation?.calibrationError).toBeLessThan(0.1);
    expect(evaluation?.uplift?.heldOut).toBeGreaterThan(50);
    const chosen = await fileLake(join(perennial.home, 'lake')).list('offers/chosen-offers');
    expect(chosen.map((l) => l.partition['market']).sort()).toEqual([...new Set(truth.map((t) => t.market))].sort());
    const engine = await duckdbEngine({}).open();
    const rows = await engine.query(
      `select market, sum(expected_spend) as spend, min(incremental_margin) as least, bool_or(holdout) as held, max(n) as most, min(reason) as reason
       from (select *, count(*) over (partition by customer_id) as n from read_parquet(${quoteList(chosen.map((l) => l.uri))})) group by market`,
    );
    await engine.close();
    expect(rows.some((row) => row['held'])).toBe(true);
    for (const { spend, least, most, reason } of rows) {
      expect(spend).toBeLessThanOrEqual(1000);
      expect(least).toBeGreaterThan(0);
      expect(most).toBeLessThanOrEqual(2);
      expect(reason).toMatch(/ off raises the chance of a sale from /);
    }
  });

  it('says for each market whom to call with what, by expected revenue, and serves the chosen offers', async () => {
    const { lists } = outputOf(first, 'evaluate') as unknown as EvaluateOutput;
    expect(lists.all.calibrationError).toBeLessThan(0.05);
    expect(lists.all.expected / lists.all.realised).toBeGreaterThan(0.8);
    expect(lists.all.expected / lists.all.realised).toBeLessThan(1.25);
    expect(lists.all.lift.overPopularity?.lower95).toBeGreaterThan(1);
    const market = encodeURIComponent(truth[0]?.market ?? '');
    const path = `/v1/offers/markets/${market}`;
    const { lines } = await perennial.api.get<{ lines: MarketListRow[] }>(`${path}/list`, { limit: 500 });
    expect(lines.map((line) => line.rank)).toEqual(lines.map((_, i) => i + 1));
    for (const [i, line] of lines.slice(1).entries())
      expect(line.expectedRevenue).toBeLessThanOrEqual(lines[i]?.expectedRevenue ?? 0);
    expect(new Set(lines.map((line) => line.kind))).toEqual(new Set(['next', 'new', 'offer']));
    const { offers } = await perennial.api.get<{ offers: ChosenOffer[] }>(`${path}/offers`, { limit: 500 });
    const key = (o: { customerId: string; productId: string }) => `${o.customerId} ${o.productId}`;
    const made = await perennial.api.get<{ lines: MarketListRow[] }>(`${path}/list`, { kind: 'offer', limit: 500 });
    expect(made.lines.map(key).sort()).toEqual(offers.map(key).sort());
    expect(offers.every((o) => !o.holdout && o.runId === first.id)).toBe(true);
    const { kpis } = await perennial.api.get<{ kpis: Kpi[] }>('/v1/kpis', { name: 'offers', market: '' });
    expect(kpis[0]?.value).toBeGreaterThanOrEqual(offers.length);
  });

  it('makes a page of its evaluation, with plots', async () => {
    const page = await readText(await perennial.api.download(`/v1/runs/${first.id}/report`));
    expect(page).toContain('Version 1 is the new champion');
    for (const title of [
      'How well lists are ordered',
      'Whether probabilities are right',
      'Chosen offers',
      'Response to offers',
    ])
      expect(page).toContain(title);
    expect(page.match(/<svg /g)?.length).toBeGreaterThanOrEqual(5);
  });

  it('finds what customers use and don’t buy, with the texts that show it, and lets nothing they bought pass for it', async () => {
    const found: AssortmentGap[] = [];
    for (const market of new Set(truth.map((t) => t.market))) {
      const { asOf, gaps } = await perennial.api.get<{ asOf: string; gaps: AssortmentGap[] }>(
        `/v1/offers/markets/${encodeURIComponent(market)}/gaps`,
        { limit: 500 },
      );
      expect(asOf).toBe('2026-07-01');
      found.push(...gaps);
    }
    // A staple that the sales happen to lack is used and not bought, too.
    const planted = new Map(truth.map(({ customer, gap, staples }) => [customer, [...gap, ...staples]]));
    const right = found.filter(({ customerId, productId }) => planted.get(customerId)?.includes(productId ?? ''));
    expect(found.length).toBeGreaterThan(50);
    expect(right.length / found.length).toBeGreaterThan(0.7);
    const [best] = found as [AssortmentGap];
    expect(readFileSync(join(demo, 'documents', best.evidence[0]!.source), 'utf8')).toContain(
      best.evidence[0]!.sentence,
    );
    const { gaps } = await perennial.api.get<{ gaps: AssortmentGap[] }>(`/v1/offers/customers/${best.customerId}/gaps`);
    expect(gaps).toContainEqual(best);
    const kept = await fileLake(join(perennial.home, 'lake')).list('offers/assortment-gaps');
    expect(kept.map((one) => one.partition['market']).sort()).toEqual([...new Set(truth.map((t) => t.market))].sort());
  });

  it('keeps lists and key figures by market and day', async () => {
    const lists = await fileLake(join(perennial.home, 'lake')).list('offers/next-products');
    expect(lists.map((l) => l.partition['market']).sort()).toEqual([...new Set(truth.map((t) => t.market))].sort());
    const { kpis } = await perennial.api.get<{ kpis: Kpi[] }>('/v1/kpis', { limit: 500 });
    expect(new Set(kpis.map((k) => k.name))).toContain('ndcg_all');
    const off = kpis.filter(({ name, market }) => name === 'calibration_error' && market !== '');
    expect(off.length).toBeGreaterThan(1);
    for (const { value } of off) expect(value).toBeLessThan(0.15);
    expect(kpis.every((k) => k.date === '2026-07-01' && k.runId === first.id)).toBe(true);
  });

  it('decides with reasons, also when it is no', async () => {
    const { decisionId } = outputOf(first, 'decide') as { decisionId: string };
    const decision = await perennial.api.get<DecisionShown>(`/v1/decisions/${decisionId}`);
    expect(decision).toMatchObject({
      verdict: 'keep',
      runId: first.id,
      model: 'offers-next-products',
      policy: { name: 'offers' },
    });
    expect(decision.reasons.map((r) => r.rule)).toEqual([
      'kpi:realised_hit',
      'new-data',
      'drift',
      'data',
      'cool-down',
      'budget',
      'escalation',
    ]);
    // This run has trained.
    expect(decision.reasons.find((r) => r.rule === 'new-data')).toMatchObject({ fired: false, value: 0 });
    expect(decision.reasons.find((r) => r.rule === 'cool-down')).toMatchObject({ fired: true });
  });

  it('serves the next day with the champion, and trains nothing that nobody asked for', async () => {
    const second = await perennial.runOffers({});
    expect(second.status).toBe('succeeded');
    const skipped = second.steps.filter((s) => s.status === 'skipped').map((s) => s.stepId);
    expect(skipped).toEqual(
      expect.arrayContaining([
        'ingest',
        'ingest-outcomes',
        'ingest-documents',
        'represent',
        'train',
        'evaluate',
        'publish',
      ]),
    );
    expect(outputOf(second, 'train-gaps')).toMatchObject({ reason: expect.stringContaining('the model goes on') });
    // Outcomes were learned from once, and the response goes on as well.
    for (const model of ['offers-next-products', 'offers-response', 'offers-assortment-gaps'])
      expect(await versionsOf(model)).toHaveLength(1);
    const chosen = second.steps.filter((s) => s.stepId === 'choose-offers' && s.mapKey !== '');
    expect(chosen.every((s) => (s.output as { modelVersion: number }).modelVersion === 1)).toBe(true);
  });

  it('is the same lists again when the same day is run again, and nothing of it is computed again', async () => {
    const path = `/v1/offers/customers/${truth[0]?.customer}/predictions`;
    const lake = fileLake(join(perennial.home, 'lake'));
    const bytes = async () => [
      ...(await lake.list('offers/next-products')).map(({ partition, sha256 }) => [partition['market'], sha256]),
      ...(await lake.list('offers/chosen-offers')).map(({ partition, sha256 }) => [partition['market'], sha256]),
    ];
    const before = { lists: await perennial.api.get<CustomerPrediction>(path), bytes: await bytes() };
    const again = await perennial.runOffers({ source: join(demo, 'sales'), asOf: '2026-07-01' });
    expect(again.status).toBe('succeeded');
    expect(outputOf(again, 'ingest')).toMatchObject({ files: 150, unchanged: 150 });
    for (const { stepId, mapKey, cachedFrom } of again.steps)
      if (stepId === 'preprocess' || (stepId === 'predict' && mapKey)) expect(cachedFrom?.runId).toBe(first.id);
    const after = await perennial.api.get<CustomerPrediction>(path);
    expect(after.runId).toBe(again.id);
    expect({ ...after, runId: '' }).toEqual({ ...before.lists, runId: '' });
    expect(await bytes()).toEqual(before.bytes);
  });

  it('does one market when told, and leaves the others and the figures of all as they were', async () => {
    const [market = '', other = ''] = [...new Set(truth.map((t) => t.market))];
    const overall = () => perennial.api.get<{ kpis: Kpi[] }>('/v1/kpis', { limit: 500, market: '' });
    const before = await overall();
    const run = await perennial.runOffers({ market, topK: 3 });
    expect(run).toMatchObject({ status: 'succeeded', partition: null });
    expect(run.steps.filter((s) => s.stepId === 'predict' && s.mapKey !== '').map((s) => s.mapKey)).toEqual([market]);
    const newest = async (name: string): Promise<string | undefined> => {
      const path = `/v1/offers/markets/${encodeURIComponent(name)}/predictions`;
      return (await perennial.api.get<{ predictions: CustomerPrediction[] }>(path)).predictions[0]?.runId;
    };
    expect(await newest(market)).toBe(run.id);
    expect(await newest(other)).not.toBe(run.id);
    expect(await overall()).toEqual(before);

    const unknown = await perennial.runOffers({ asOf: '2026-07-01', market: 'Atlantis' });
    expect(unknown).toMatchObject({
      status: 'failed',
      partition: '2026-07-01/Atlantis',
      error: { code: 'DATA_MISSING' },
    });
  });

  it('trains in closed form when told, without product vectors, and judges it against the champion', async () => {
    const run = await perennial.runOffers({ asOf: '2026-07-01', train: 'always', ranker: 'closed-form' });
    expect(run.status).toBe('succeeded');
    const skipped = run.steps.filter((s) => s.status === 'skipped').map((s) => s.stepId);
    expect(skipped).toEqual(expect.arrayContaining(['represent', 'represent-holdout']));
    const { all, baselines, againstChampion } = outputOf(run, 'evaluate') as unknown as EvaluateOutput;
    expect(all.ndcg).toBeGreaterThan(baselines.popularity.ndcg);
    expect(againstChampion).not.toBeNull();
    const { version } = outputOf(run, 'publish') as { version: number };
    await perennial.api.post('/v1/models/offers-next-products/aliases/champion', { version, reason: 'faster' });
    const served = await perennial.runOffers({ asOf: '2026-07-01', train: 'never' });
    expect(served.status).toBe('succeeded');
    const customer = await perennial.api.get<CustomerPrediction>(
      `/v1/offers/customers/${truth[0]?.customer}/predictions`,
    );
    expect(customer).toMatchObject({ runId: served.id, modelVersion: version });
    expect(customer.products.length).toBeGreaterThan(5);
  });
});
