import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../../contracts/rollouts.ts';
import { Random } from '../../../domain/nlp/random.ts';
import { evaluate } from '../../../domain/recommend/index.ts';
import { withComparisons } from '../../../domain/rollout/gates.ts';
import { judgeStep } from '../../../domain/rollout/judge.ts';
import { planOf } from '../../../domain/rollout/plan.ts';
import { registeredModels } from '../../../pipelines/offers/registered-models.ts';

const kind = registeredModels.find(({ makesLists }) => makesLists)!;
const plan = planOf(kind, {});
const products = 60;
const day = 86_400;

/** A market as its customers are: who buys on which day, and how. @param noise how little the candidate knows of them; the base: 1. */
function rollOut(seed: number, noise: number, { customers = 1500, perDay = 0.04 } = {}) {
  const random = new Random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const tastes = Array.from({ length: customers }, () => Array.from({ length: products }, () => 1.6 * normal()));
  const listBy = (taste: readonly number[], spread: number) =>
    taste
      .map((liked, product) => ({ product, score: liked + spread * normal() }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 10)
      .map(({ product }) => product);
  const bought = (taste: readonly number[]) => {
    const basket = new Set<number>();
    const weights = taste.map((liked) => Math.exp(liked));
    const sum = weights.reduce((a, b) => a + b);
    for (let i = 0; i < 4; i++) {
      let left = random.next() * sum;
      let product = 0;
      for (left -= weights[0] as number; left > 0 && product < products - 1; left -= weights[product] as number)
        product++;
      basket.add(product);
    }
    return basket;
  };
  const answer = (list: readonly number[], basket: ReadonlySet<number>) => {
    const [ndcg = 0] = evaluate(new Map([[0, list]]), new Map([[0, basket]]), 10).perCustomer;
    return { error: null, ms: 0, scores: { ndcg, hit: ndcg > 0 ? 1 : 0 } };
  };
  const waiting = new Set(tastes.keys());
  const listed = { error: null, ms: 0, scores: { listed: 1 } };
  const common = { rolloutId: 'r', step: 0, at: '', requestId: '', served: 'base' } as const;
  let evidence = withComparisons(
    plan.gates,
    {},
    Array.from(tastes, () => ({ ...common, base: listed, candidate: listed })),
  );
  for (let today = 1; ; today++) {
    const pairs: Comparison[] = [];
    for (const customer of waiting) {
      if (random.next() >= perDay) continue;
      waiting.delete(customer);
      const taste = tastes[customer] as number[];
      const basket = bought(taste);
      const [base, candidate] = [answer(listBy(taste, 1), basket), answer(listBy(taste, noise), basket)];
      pairs.push({ ...common, base, candidate });
    }
    evidence = withComparisons(plan.gates, evidence, pairs);
    const { verdict, readings } = judgeStep(plan, 0, evidence, today * day);
    if (verdict !== 'wait') return { verdict, today, difference: readings[0]!.difference ?? 0 };
  }
}

const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
const ends = (noise: number, size = {}) => seeds.map((seed) => rollOut(seed, noise, size));

describe('a rollout of lists, in markets that buy by their tastes', () => {
  it('gives a market to a version that knows its customers better', () => {
    const found = ends(0.5);
    expect(found.map(({ verdict }) => verdict)).toEqual(seeds.map(() => 'go-on'));
    expect(Math.max(...found.map(({ today }) => today))).toBeLessThanOrEqual(14);
  });

  it('takes one back that knows them worse, within days', () => {
    const found = ends(2.5);
    expect(found.map(({ verdict }) => verdict)).toEqual(seeds.map(() => 'roll-back'));
    expect(Math.max(...found.map(({ today }) => today))).toBeLessThanOrEqual(14);
  });

  it('does not take an equal one for worse', () => {
    expect(ends(1).filter(({ verdict }) => verdict === 'roll-back')).toEqual([]);
  });

  it('tells nothing of a few customers, and says so after four weeks', () => {
    const few = ends(1, { customers: 20 });
    expect(few.map(({ verdict, today }) => [verdict, today])).toEqual(seeds.map(() => ['inconclusive', 28]));
  });

  it('has plans of shadow and all, and no others', () => {
    expect(
      planOf(kind, { steps: [0, 1].map((share) => ({ share, minSeconds: 0, maxSeconds: day })) }).steps,
    ).toHaveLength(2);
    for (const shares of [
      [0.5, 1],
      [1, 0],
    ])
      expect(() => planOf(kind, { steps: shares.map((share) => ({ share, minSeconds: 0, maxSeconds: day })) })).toThrow(
        'must be 0 or 1, 0 first',
      );
  });
});
