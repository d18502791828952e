import { describe, expect, it } from 'vitest';
import type { Comparison, Gate, RolloutPlan } from '../../../contracts/rollouts.ts';
import { Random } from '../../../domain/nlp/index.ts';
import { type GatesEvidence, withComparisons } from '../../../domain/rollout/gates.ts';
import { judgeStep } from '../../../domain/rollout/judge.ts';
import { defaultPlan } from '../../../domain/rollout/plan.ts';

const quality: Gate = { name: 'quality', kind: 'score', tolerated: 0, harmful: 0.05 };
const plan: RolloutPlan = { ...defaultPlan, gates: [...defaultPlan.gates, quality] };

/** A model as its requests show it. */
interface Behaviour {
  readonly errors: number;
  /** Times the common time of a request. */
  readonly slowness: number;
  readonly quality: number;
}
const good: Behaviour = { errors: 0.001, slowness: 1, quality: 0.75 };

/** How the rollout of a candidate ends: ten comparisons a second, looked at every second. */
function rollOut(candidate: Behaviour, seed: number, base = good) {
  const generator = new Random(seed);
  const random = () => generator.next();
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  for (let step = 0; step < plan.steps.length; step++) {
    let evidence: GatesEvidence = {};
    for (let second = 1; ; second++) {
      const pairs = Array.from({ length: 10 }, (): Comparison => {
        // Requests are long and short, easy and hard: alike for both.
        const length = Math.exp(0.8 * normal());
        const ease = 0.15 * normal();
        const answer = ({ errors, slowness, quality }: Behaviour) => ({
          error: random() < errors ? 'INTERNAL' : null,
          ms: 40 * length * slowness * Math.exp(0.3 * normal()),
          scores: { quality: Math.min(1, Math.max(0, quality + ease + 0.1 * normal())) },
        });
        return {
          rolloutId: 'r',
          step,
          at: '',
          requestId: '',
          served: 'base',
          base: answer(base),
          candidate: answer(candidate),
        };
      });
      evidence = withComparisons(plan.gates, evidence, pairs);
      const { verdict, readings } = judgeStep(plan, step, evidence, second);
      if (verdict === 'roll-back')
        return { step, verdict, by: readings.filter(({ state }) => state === 'worse').map(({ gate }) => gate) };
      if (verdict === 'inconclusive') return { step, verdict, by: [] };
      if (verdict === 'go-on') break;
    }
  }
  return { step: plan.steps.length, verdict: 'completed', by: [] };
}

const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

describe('the gates of a rollout', () => {
  it.each([
    ['answers 20 % worse', { ...good, quality: 0.6 }, 'quality'],
    ['takes three times as long', { ...good, slowness: 3 }, 'latency'],
    ['fails in 2 % of requests', { ...good, errors: 0.02 }, 'errors'],
  ])('roll back a candidate that %s, every time', (_, candidate, gate) => {
    const ends = seeds.map((seed) => rollOut(candidate, seed));
    expect(ends.map(({ verdict }) => verdict)).toEqual(seeds.map(() => 'roll-back'));
    expect(new Set(ends.flatMap(({ by }) => by))).toEqual(new Set([gate]));
  });

  it('let an equal candidate through', () => {
    const ends = seeds.map((seed) => rollOut(good, seed));
    expect(ends.filter(({ verdict }) => verdict !== 'completed').length).toBeLessThanOrEqual(1);
  });
});
