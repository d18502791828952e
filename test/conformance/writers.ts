import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { RetrainingDecision } from '../../contracts/decisions.ts';
import type { CustomerPrediction, Kpi } from '../../contracts/offers.ts';
import type { DecisionRepository, KpiRepository, PredictionRepository } from '../../domain/ports/results.ts';

const asOf = '2026-02-28';
const predictions = (market: string, runId: string, customers: readonly string[]): CustomerPrediction[] =>
  customers.map((customerId) => ({
    market,
    customerId,
    asOf,
    runId,
    modelVersion: 1,
    horizonDays: 31,
    products: [
      {
        productId: 'P',
        description: 'Tasse “Größe 1”',
        rank: 1,
        score: 0.25,
        probability: 0.2,
        expectedSpend: 10,
        expectedRevenue: 2,
        isNew: false,
        reason: 'b',
      },
    ],
    newProducts: [],
  }));

/** Writers that fail, repeat themselves or meet each other. */
export function predictionWriterConformance(repository: () => PredictionRepository): void {
  it('keeps thousands of customers of a market exactly as given', async () => {
    const market = "Côte d'Ivoire";
    const given = predictions(
      market,
      'r',
      Array.from({ length: 1201 }, (_, i) => String(10_000 + i)),
    );
    await repository().replaceMarket(market, asOf, given);
    await repository().replaceMarket(market, asOf, given);
    expect(await repository().byMarket(market, asOf, { limit: 5000 })).toEqual(given);
    expect(await repository().markets()).toContainEqual(expect.objectContaining({ market, asOf, customers: 1201 }));
  });

  it('serves the old predictions when new ones cannot be stored, and none when there are none', async () => {
    const market = randomUUID();
    await repository().replaceMarket(market, asOf, predictions(market, 'old', ['1', '2']));
    const twice = predictions(market, 'new', ['1', '3', '3']);
    await expect(repository().replaceMarket(market, asOf, twice)).rejects.toThrow();
    expect((await repository().byMarket(market, asOf, { limit: 9 })).map((p) => p.runId)).toEqual(['old', 'old']);
    await repository().replaceMarket(market, asOf, []);
    expect(await repository().byMarket(market, asOf, { limit: 9 })).toEqual([]);
    expect((await repository().markets()).map((m) => m.market)).not.toContain(market);
  });

  // A lost attempt that still writes and the one that took over.
  it.each([
    ['the same customers', (_: number) => ['1', '2']],
    ['other customers', (n: number) => [`a${n}`, `b${n}`]],
  ])('holds one writer’s predictions whole after many wrote %s at once', async (_, customersOf) => {
    const market = randomUUID();
    const runs = Array.from({ length: 6 }, (_, n) => predictions(market, `r${n}`, customersOf(n)));
    await Promise.all(runs.map((given) => repository().replaceMarket(market, asOf, given)));
    expect(runs).toContainEqual(await repository().byMarket(market, asOf, { limit: 99 }));
  });
}

export function kpiWriterConformance(repository: () => KpiRepository): void {
  const kpi = (pipeline: string, name: string, value: number): Kpi => ({
    pipeline,
    market: 'DE',
    date: asOf,
    name,
    value,
    runId: 'r',
  });

  it('keeps figures of pipelines and names apart, and their values to the last digit', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    const given = [kpi(one, 'a', 0.1 + 0.2), kpi(one, 'b', -1e-300), kpi(one, 'c', 2 ** 53 - 1)];
    await repository().save([...given, kpi(two, 'a', 7)]);
    await repository().save([]);
    expect(await repository().list({ pipeline: one, limit: 9 })).toEqual(given);
    expect(await repository().list({ pipeline: one, name: 'b', limit: 9 })).toEqual([given[1]]);
    expect(await repository().list({ pipeline: one, market: 'FR', limit: 9 })).toEqual([]);
    expect(await repository().list({ pipeline: one, limit: 2 })).toHaveLength(2);
  });

  it('takes a figure given twice in one call; the last counts', async () => {
    const pipeline = randomUUID();
    await repository().save([kpi(pipeline, 'a', 1), kpi(pipeline, 'a', 2)]);
    expect((await repository().list({ pipeline, limit: 9 })).map((k) => k.value)).toEqual([2]);
  });
}

export function decisionWriterConformance(repository: () => DecisionRepository): void {
  const decision = (id: string, pipeline: string, summary = 'because'): RetrainingDecision => ({
    id,
    pipeline,
    model: 'm',
    runId: 'r1',
    day: '2026-02-28',
    occasion: { kind: 'run', ref: 'r1' },
    alert: null,
    at: '2026-02-28T12:00:00.000Z',
    verdict: 'keep',
    summary,
    reasons: [],
    inputs: {},
    policy: { name: 'default', version: '1', thresholds: null },
  });

  it('never rewrites a decision', async () => {
    const [id, pipeline] = [randomUUID(), randomUUID()];
    await repository().save(decision(id, pipeline));
    await repository().save(decision(id, pipeline, 'on second thoughts'));
    expect(await repository().get(id)).toMatchObject(decision(id, pipeline));
  });

  it('pages through decisions of the same moment, each once, of the pipeline asked for', async () => {
    const pipeline = randomUUID();
    const ids = Array.from({ length: 7 }, () => randomUUID());
    for (const id of ids) await repository().save(decision(id, pipeline));
    await repository().save(decision(randomUUID(), randomUUID()));
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await repository().list({ pipeline, limit: 3, ...(cursor ? { cursor } : {}) });
      seen.push(...page.decisions.map((d) => d.id));
      cursor = page.next;
    }
    expect(seen.sort()).toEqual(ids.sort());
  });

  it.each(['', 'x', Buffer.from('["not a time","x"]').toString('base64url')])(
    'refuses the cursor %j as the caller’s fault',
    async (cursor) => {
      await expect(repository().list({ limit: 1, cursor })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    },
  );
}
