import { describe, expect, it } from 'vitest';
import { Random } from '../../../domain/nlp/random.ts';
import { type Candidate, chooseOffers } from '../../../domain/offer-response/index.ts';

function randomCandidates(random: Random, customers: number, products: number, discounts: number): Candidate[] {
  const out: Candidate[] = [];
  for (let customer = 0; customer < customers; customer++)
    for (let product = 0; product < products; product++)
      for (let d = 1; d <= discounts; d++)
        out.push({
          customer,
          product,
          discount: d / 10,
          gain: 10 * random.next() - 2,
          cost: 5 * random.next(),
          marginShare: random.next(),
        });
  return out;
}

/** The most any plan gains, by trying every one. */
function bruteForce(
  candidates: readonly Candidate[],
  limits: { budget: number; perCustomer: number; minMarginShare: number },
): number {
  let best = 0;
  const visit = (i: number, gain: number, cost: number, taken: readonly Candidate[]): void => {
    best = Math.max(best, gain);
    for (let j = i; j < candidates.length; j++) {
      const c = candidates[j]!;
      const own = taken.filter(({ customer }) => customer === c.customer);
      if (cost + c.cost > limits.budget || c.marginShare < limits.minMarginShare) continue;
      if (own.length >= limits.perCustomer || own.some(({ product }) => product === c.product)) continue;
      visit(j + 1, gain + c.gain, cost + c.cost, [...taken, c]);
    }
  };
  visit(0, 0, 0, []);
  return best;
}

function expectWithin(
  candidates: readonly Candidate[],
  chosen: readonly number[],
  limits: { budget: number; perCustomer: number; minMarginShare: number },
): void {
  const offers = chosen.map((i) => candidates[i]!);
  expect(new Set(chosen).size).toBe(chosen.length);
  expect(offers.reduce((sum, o) => sum + o.cost, 0)).toBeLessThanOrEqual(limits.budget + 1e-9);
  expect(offers.every((o) => o.marginShare >= limits.minMarginShare)).toBe(true);
  expect(new Set(offers.map((o) => `${o.customer}/${o.product}`)).size).toBe(offers.length);
  const counts = new Map<number, number>();
  for (const { customer } of offers) counts.set(customer, (counts.get(customer) ?? 0) + 1);
  expect(Math.max(0, ...counts.values())).toBeLessThanOrEqual(limits.perCustomer);
}

describe('chooseOffers', () => {
  it('finds the best plan of small cases, and proves it', () => {
    const random = new Random(11);
    for (let round = 0; round < 150; round++) {
      const candidates = randomCandidates(random, 1 + random.below(3), 1 + random.below(3), 1 + random.below(2));
      const limits = {
        budget: 12 * random.next(),
        perCustomer: 1 + random.below(3),
        minMarginShare: 0.4 * random.next(),
      };
      const plan = chooseOffers(candidates, limits);
      expect(plan.gain).toBeCloseTo(bruteForce(candidates, limits), 9);
      expect(plan.gap).toBeLessThan(1e-9);
      expectWithin(candidates, plan.chosen, limits);
    }
  });

  it('keeps every limit on large cases, close to the bound', () => {
    const random = new Random(5);
    const candidates = randomCandidates(random, 2000, 4, 3);
    for (const limits of [
      { budget: 500, perCustomer: 1, minMarginShare: 0.2 },
      { budget: 3000, perCustomer: 3, minMarginShare: 0 },
      { budget: 1e9, perCustomer: 2, minMarginShare: 0.5 },
    ]) {
      const plan = chooseOffers(candidates, limits);
      expectWithin(candidates, plan.chosen, limits);
      expect(plan.gap).toBeLessThan(0.002);
      expect(plan.bound).toBeGreaterThanOrEqual(plan.gain);
    }
  });

  it('chooses nothing without a budget, a gain or a candidate', () => {
    const [candidate] = randomCandidates(new Random(1), 1, 1, 1);
    const limits = { budget: 10, perCustomer: 1, minMarginShare: 0 };
    expect(chooseOffers([], limits)).toEqual({ chosen: [], gain: 0, cost: 0, bound: 0, gap: 0 });
    expect(chooseOffers([{ ...candidate!, gain: -1, marginShare: 1 }], limits).chosen).toEqual([]);
    const paid = [{ ...candidate!, gain: 1, cost: 2, marginShare: 1 }];
    expect(chooseOffers(paid, { ...limits, budget: 0 })).toMatchObject({ chosen: [], gain: 0 });
    expect(chooseOffers([{ ...paid[0]!, cost: 0 }], { ...limits, budget: 0 }).chosen).toEqual([0]);
  });

  it.each([
    ['budget', { budget: -1, perCustomer: 1, minMarginShare: 0 }],
    ['perCustomer', { budget: 1, perCustomer: 0, minMarginShare: 0 }],
    ['minMarginShare', { budget: 1, perCustomer: 1, minMarginShare: Number.NaN }],
  ])('refuses a bad %s', (field, limits) => {
    expect(() => chooseOffers([], limits)).toThrowError(field);
  });
});
