import { expect, it } from 'vitest';
import type { Comparison } from '../../../contracts/rollouts.ts';
import { ComparisonRecorder } from '../../../domain/serving/index.ts';

const answer = { error: null, ms: 1, scores: {} };
const comparison = (requestId: number): Comparison => ({
  rolloutId: 'r',
  step: 0,
  at: '2026-11-26T12:00:00Z',
  requestId: String(requestId),
  served: 'base',
  base: answer,
  candidate: answer,
});

it('keeps the newest comparisons, up to its bound, while the registry does not answer', async () => {
  const kept: string[] = [];
  let isDown = true;
  const recorder = new ComparisonRecorder(
    {
      addComparisons: async (comparisons) => {
        if (isDown) throw new Error('it is down');
        kept.push(...comparisons.map(({ requestId }) => requestId));
      },
    },
    () => {},
    60_000,
  );
  let next = 0;
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 10_000; i++) recorder.add(comparison(next++));
    const writing = recorder.close();
    // What comes while a writing fails.
    await Promise.resolve();
    for (let i = 0; i < 5_000; i++) recorder.add(comparison(next++));
    await writing;
  }
  isDown = false;
  await recorder.close();
  expect(kept).toEqual(Array.from({ length: 10_000 }, (_, i) => String(next - 10_000 + i)));
});
