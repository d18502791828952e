import { describe, expect, it } from 'vitest';
import { PerennialError } from '../../../../contracts/errors.ts';
import type { ModelInUse } from '../../../../domain/nlp/translator/model-in-use.ts';
import { observed } from '../../../../domain/nlp/translator/observed.ts';
import type { ServingObserver } from '../../../../domain/serving/index.ts';

const name = 'translation-en-de';

function listen() {
  const told: unknown[] = [];
  const observer: ServingObserver = {
    request: ({ model, version }, outcome) => told.push(['request', model, version, outcome]),
    node: ({ version }, node) => told.push(['node', version, node]),
    batch: ({ version }, { items }) => told.push(['batch', version, items]),
  };
  return { told, observer };
}

const use = (version: number): ModelInUse =>
  ({ name, version, served: { onBatch: undefined }, trial: null, release: () => {} }) as unknown as ModelInUse;
const batch = { items: 2, read: 8, written: 9, ms: 1 };
const timing = { node: 'model', kind: 'model', fromMs: 0, ms: 1 } as const;

describe('observed', () => {
  it('counts a request for the version that answered, and what each version computed for that one', async () => {
    const { told, observer } = listen();
    const [base, candidate] = [use(1), use(2)];
    await observed(
      observer,
      async () => name,
      async (by) => {
        by(candidate, true)(timing);
        // It failed, and is stood in for.
        by(base, true)(timing);
        by(candidate, false);
        candidate.served.onBatch?.(batch);
        base.served.onBatch?.(batch);
      },
    );
    expect(told).toEqual([
      ['node', 2, 'model'],
      ['node', 1, 'model'],
      ['batch', 2, 2],
      ['batch', 1, 2],
      ['request', name, 1, 'ok'],
    ]);
  });

  it('names the model of a request that failed before a version was found only where the pair has one', async () => {
    const missing = new PerennialError('NOT_FOUND', 'There is no such model.');
    const outcomes = [];
    for (const modelOf of [async () => name, () => Promise.reject(missing)]) {
      const { told, observer } = listen();
      await expect(observed(observer, modelOf, () => Promise.reject(missing))).rejects.toBe(missing);
      outcomes.push(...told);
    }
    expect(outcomes).toEqual([
      ['request', name, null, 'NOT_FOUND'],
      ['request', '', null, 'NOT_FOUND'],
    ]);
  });
});
