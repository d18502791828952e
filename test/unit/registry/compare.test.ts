import { describe, expect, it } from 'vitest';
import { compareVersions, metricsOf } from '../../../domain/registry/compare.ts';
import { modelVersion } from '../../support/models.ts';

const facts = {
  title: 'M',
  use: [],
  limits: [],
  metrics: {
    ndcg: { title: 'NDCG', better: 'higher' as const },
    error: { title: 'Error', better: 'lower' as const, digits: 4 },
    rows: { title: 'Rows', better: null, digits: 0 },
  },
};
const lineage = {
  data: [{ dataset: 'sales', rows: 10, sha256: 'one' }],
  code: { version: '1.0.0', commit: 'abc', steps: { train: '1', publish: '1' } },
  params: { seed: 1, topK: 20, discounts: [5, 10] },
};
const a = modelVersion({ version: 1, facts, lineage, metrics: { ndcg: 0.2, error: 0.1, rows: 10, zz: 1, sets: [1] } });
const b = modelVersion({
  version: 2,
  facts,
  lineage: {
    data: [
      { dataset: 'sales', rows: 12, sha256: 'two' },
      { dataset: 'texts', rows: 3, sha256: 'three' },
    ],
    code: { version: '1.0.0', commit: 'def', steps: { train: '2', publish: '1' } },
    params: { seed: 2, topK: 20, discounts: [5, 10] },
  },
  metrics: { rows: 12, error: 0.12, ndcg: 0.25, other: 3 },
});

describe('two versions side by side', () => {
  it('say which is better, by the way each figure points', () => {
    const { metrics } = compareVersions(a, b);
    expect(metrics).toMatchObject([
      { name: 'ndcg', a: 0.2, b: 0.25, winner: 'b', better: 'higher', title: 'NDCG' },
      { name: 'error', a: 0.1, b: 0.12, winner: 'a', better: 'lower', digits: 4 },
      { name: 'rows', a: 10, b: 12, difference: 2, winner: null, better: null },
      { name: 'other', a: null, b: 3, difference: null, winner: null, better: null },
      { name: 'zz', a: 1, b: null, difference: null },
    ]);
    expect(metrics[0]?.difference).toBeCloseTo(0.05, 12);
    expect(metrics[0]?.relative).toBeCloseTo(0.25, 12);
  });

  it('show what differs of data, parameters and code, and nothing that is equal', () => {
    const { params, data, code, files, sameSignature } = compareVersions(a, b);
    expect(params).toEqual([{ name: 'seed', a: 1, b: 2 }]);
    expect(data.map(({ name, a: x, b: y }) => [name, x?.rows ?? null, y?.rows ?? null])).toEqual([
      ['sales', 10, 12],
      ['texts', null, 3],
    ]);
    expect(code).toEqual([
      { name: 'commit', a: 'abc', b: 'def' },
      { name: 'step train', a: '1', b: '2' },
    ]);
    expect([files, sameSignature]).toEqual([[], true]);
  });

  it('have no winner where they are equal, and take a lineage of other code as it is', () => {
    const old = modelVersion({ metrics: { ndcg: 0.25 }, lineage: { data: 'lost', params: { seed: 2 } } });
    const { metrics, data, params } = compareVersions(old, b);
    expect(metrics.find(({ name }) => name === 'ndcg')).toMatchObject({ difference: 0, winner: null });
    expect(data).toHaveLength(2);
    expect(params).toMatchObject([
      { name: 'topK', a: null },
      { name: 'discounts', a: null },
    ]);
    expect(metricsOf(old)).toEqual([{ name: 'ndcg', title: 'ndcg', better: null, digits: 3 }]);
  });
});
