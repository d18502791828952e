import { expect, it } from 'vitest';
import type { RetrainingDecision } from '../../contracts/decisions.ts';
import type { CustomerPrediction } from '../../contracts/offers.ts';
import type { DecisionRepository, KpiRepository, PredictionRepository } from '../../domain/ports/results.ts';

function prediction(market: string, customerId: string, asOf: string, productId = 'P1'): CustomerPrediction {
  const product = {
    productId,
    description: 'MUG',
    rank: 1,
    score: 0.5,
    probability: 0.2,
    expectedSpend: 10,
    expectedRevenue: 2,
    isNew: false,
    reason: 'bought twice',
  };
  return {
    market,
    customerId,
    asOf,
    runId: 'r',
    modelVersion: 1,
    horizonDays: 31,
    products: [product],
    newProducts: [],
  };
}

export function predictionConformance(repository: () => PredictionRepository): void {
  it('replaces a market’s day as a whole and leaves the others', async () => {
    await repository().replaceMarket('DE', '2026-01-01', [
      prediction('DE', '1', '2026-01-01'),
      prediction('DE', '2', '2026-01-01'),
    ]);
    await repository().replaceMarket('FR', '2026-01-01', [prediction('FR', '3', '2026-01-01')]);
    await repository().replaceMarket('DE', '2026-01-01', [prediction('DE', '2', '2026-01-01', 'P9')]);
    const page = await repository().byMarket('DE', '2026-01-01', { limit: 10 });
    expect(page.map((p) => [p.customerId, p.products[0]?.productId])).toEqual([['2', 'P9']]);
    expect(await repository().byMarket('FR', '2026-01-01', { limit: 10 })).toHaveLength(1);
  });

  it('serves the newest day of a customer, or the one asked for', async () => {
    await repository().replaceMarket('SE', '2026-01-01', [prediction('SE', '7', '2026-01-01', 'old')]);
    await repository().replaceMarket('SE', '2026-01-02', [prediction('SE', '7', '2026-01-02', 'new')]);
    expect((await repository().byCustomer('7', {}))?.products[0]?.productId).toBe('new');
    expect((await repository().byCustomer('7', { asOf: '2026-01-01' }))?.products[0]?.productId).toBe('old');
    expect(await repository().byCustomer('7', { market: 'NO' })).toBeNull();
    expect(await repository().markets()).toContainEqual(
      expect.objectContaining({ market: 'SE', asOf: '2026-01-02', customers: 1 }),
    );
  });

  it('pages through a market by customer, each once', async () => {
    const many = Array.from({ length: 25 }, (_, i) => prediction('UK', String(i).padStart(3, '0'), '2026-01-01'));
    await repository().replaceMarket('UK', '2026-01-01', many);
    const seen: string[] = [];
    for (let after: string | undefined; ; after = seen.at(-1)) {
      const page = await repository().byMarket('UK', '2026-01-01', { limit: 10, ...(after ? { after } : {}) });
      if (page.length === 0) break;
      seen.push(...page.map((p) => p.customerId));
    }
    expect(seen).toEqual(many.map((p) => p.customerId));
  });
}

export function kpiConformance(repository: () => KpiRepository): void {
  const kpi = (date: string, value: number, market = '') =>
    ({ pipeline: 'offers', market, date, name: 'hit', value, runId: 'r' }) as const;

  it('replaces a figure of a day, and lists the newest first', async () => {
    await repository().save([kpi('2026-01-01', 0.1), kpi('2026-01-02', 0.2), kpi('2026-01-02', 0.9, 'DE')]);
    await repository().save([kpi('2026-01-01', 0.3)]);
    const all = await repository().list({ pipeline: 'offers', market: '', name: 'hit', limit: 10 });
    expect(all.map((k) => [k.date, k.value])).toEqual([
      ['2026-01-02', 0.2],
      ['2026-01-01', 0.3],
    ]);
    const before = await repository().list({ pipeline: 'offers', market: '', before: '2026-01-02', limit: 10 });
    expect(before.map((k) => k.date)).toEqual(['2026-01-01']);
  });
}

export function decisionConformance(repository: () => DecisionRepository): void {
  const decision = (id: string, at: string, verdict: 'keep' | 'retrain'): RetrainingDecision => ({
    id,
    pipeline: 'offers',
    model: 'offers-next-products',
    runId: null,
    at,
    day: at.slice(0, 10),
    occasion: { kind: 'daily', ref: at.slice(0, 10) },
    alert: null,
    verdict,
    summary: 'because',
    reasons: [{ rule: 'new-data', fired: false, text: 'no new data', value: 0, threshold: 0.05 }],
    inputs: { rows: 1 },
    policy: { name: 'default', version: '1', thresholds: { sigmas: 3 } },
  });

  const untouched = {
    effective: 'keep',
    overrides: [],
    links: { run: null, version: null, rollout: null, outcome: null, why: null, error: null, promotedAt: null },
  };

  it('keeps each decision whole and once', async () => {
    const given = decision('d1', '2026-01-01T00:00:00.000Z', 'keep');
    await repository().save(given);
    await repository().save(given);
    expect(await repository().get('d1')).toEqual({ ...given, ...untouched });
    expect(await repository().get('none')).toBeNull();
  });

  it('lists the newest first, page by page, by verdict', async () => {
    await repository().save(decision('d2', '2026-01-02T00:00:00.000Z', 'retrain'));
    await repository().save(decision('d3', '2026-01-03T00:00:00.000Z', 'keep'));
    const first = await repository().list({ limit: 2 });
    expect(first.decisions.map((d) => d.id)).toEqual(['d3', 'd2']);
    const second = await repository().list({ limit: 2, ...(first.next ? { cursor: first.next } : {}) });
    expect(second.decisions.map((d) => d.id)).toEqual(['d1']);
    expect((await repository().list({ verdict: 'retrain', limit: 9 })).decisions.map((d) => d.id)).toEqual(['d2']);
  });
}
