import { expect, it } from 'vitest';
import type { ComparedAnswer, Comparison } from '../../../contracts/rollouts.ts';
import { translationGates } from '../../../domain/nlp/translator/index.ts';
import { readGate, withComparisons } from '../../../domain/rollout/gates.ts';
import { judgeStep } from '../../../domain/rollout/judge.ts';
import { defaultPlan, planOf } from '../../../domain/rollout/plan.ts';

const plan = planOf(null, { gates: [...defaultPlan.gates, ...translationGates] });
const pair = (base: ComparedAnswer, candidate: ComparedAnswer): Comparison => ({
  ...{ rolloutId: 'r', step: 0, at: '', requestId: '', served: 'base' },
  ...{ base, candidate },
});
const answer = (ms: number): ComparedAnswer => ({ error: null, ms, scores: { confidence: 0.8 } });
const label = (correction: number): ComparedAnswer => ({ error: null, ms: null, scores: { correction } });
const requests = Array.from({ length: 1000 }, () => pair(answer(50), answer(50)));

function judge(comparisons: readonly Comparison[]) {
  const evidence = withComparisons(plan.gates, {}, comparisons);
  const { verdict, readings } = judgeStep(plan, 0, evidence, 3600);
  return { verdict, counts: Object.fromEntries(readings.map(({ gate, count }) => [gate, count])) };
}

it('counts labels that come late for their score alone', () => {
  const labels = Array.from({ length: 20 }, () => pair(label(0.7), label(0.7)));
  expect(judge([...requests, ...labels])).toEqual({
    verdict: 'go-on',
    counts: { errors: 1000, latency: 1000, terms: 0, confidence: 1000, correction: 20 },
  });
});

it('rolls back by labels, and waits for none', () => {
  expect(judge(requests).verdict).toBe('go-on');
  // Neither worse nor fine is shown by so few.
  const few = Array.from({ length: 4 }, () => pair(label(0.8), label(0.6)));
  expect(judge([...requests, ...few]).verdict).toBe('go-on');
  const many = Array.from({ length: 100 }, () => pair(label(0.8), label(0.6)));
  expect(judge([...requests, ...many]).verdict).toBe('roll-back');
  const gate = plan.gates.find(({ name }) => name === 'correction') as (typeof plan.gates)[number];
  const evidence = withComparisons([gate], {}, many)['correction'];
  expect(readGate(gate, evidence as NonNullable<typeof evidence>, { falseAlarm: 0.0025, miss: 0.05 })).toMatchObject({
    state: 'worse',
    difference: expect.closeTo(0.2, 9),
  });
});
