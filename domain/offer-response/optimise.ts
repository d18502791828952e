import { PerennialError } from '../../contracts/errors.ts';
import type { Candidate } from './candidate.ts';
import { type Bundle, frontierOf, searchBundles } from './search.ts';

export interface Limits {
  /** Most discount spent by all offers, expected, in units of the currency. */
  readonly budget: number;
  /** Most offers a customer gets; of one product it gets one at most. */
  readonly perCustomer: number;
  /** Least {@link Candidate.marginShare} of an offer. */
  readonly minMarginShare: number;
}

export interface Plan {
  /** Indices of the candidates, ascending. */
  readonly chosen: readonly number[];
  readonly gain: number;
  readonly cost: number;
  /** No plan within the limits gains more than this. */
  readonly bound: number;
  /** (bound − gain) / bound; 0 when the plan is proved the best. */
  readonly gap: number;
}

/** Customers up to which the best plan is sought by search; more only when the search is short. */
const searched = 200;

/**
 * The offers that add most to the expected margin within the limits: a knapsack of one bundle of offers a customer.
 * A price λ on the budget parts it into customers that choose by gain − λ cost (Lagrange relaxation, Fisher 1981); the λ at
 * which the budget is just kept gives a bound, and a plan whose rest of the budget is filled by the best exchanges. Branch
 * and bound from there proves small cases; large ones are optimal but for a gap that shrinks with the number of customers.
 *
 * @throws PARAMETER_INVALID for a limit or a candidate out of its range.
 */
export function chooseOffers(candidates: readonly Candidate[], limits: Limits): Plan {
  check(candidates, limits);
  const byCustomer = new Map<number, number[]>();
  candidates.forEach(({ customer, gain, marginShare }, i) => {
    if (!(gain > 0) || marginShare < limits.minMarginShare) return;
    const own = byCustomer.get(customer);
    if (own) own.push(i);
    else byCustomer.set(customer, [i]);
  });
  const customers = [...byCustomer.values()];
  if (customers.length === 0) return { chosen: [], gain: 0, cost: 0, bound: 0, gap: 0 };
  const { lambda, bound, bundles } = priced(candidates, customers, limits);
  const filled = fill(candidates, customers, bundles, limits);
  let [best, proved] = [filled, bound];
  if (customers.length <= searched) {
    const frontiers = customers.map((own) => frontierOf(candidates, own, limits.perCustomer));
    if (frontiers.every((frontier) => frontier !== null)) {
      const found = searchBundles(frontiers as Bundle[][], limits.budget, lambda, filled);
      best = found.best;
      if (found.complete) proved = sum(best, 'gain');
    }
  }
  const gain = sum(best, 'gain');
  const chosen = best.flatMap(({ offers }) => offers).sort((a, b) => a - b);
  proved = Math.max(gain, proved);
  return { chosen, gain, cost: sum(best, 'cost'), bound: proved, gap: proved > 0 ? (proved - gain) / proved : 0 };
}

const sum = (bundles: readonly Bundle[], of: 'gain' | 'cost'): number =>
  bundles.reduce((total, bundle) => total + bundle[of], 0);

/** A customer's best bundle when a unit of the budget costs `lambda`: for each product one discount, the best few. */
function bestBundle(candidates: readonly Candidate[], own: readonly number[], lambda: number, most: number): Bundle {
  const worth = (i: number): number => candidates[i]!.gain - lambda * candidates[i]!.cost;
  const byProduct = new Map<number, number>();
  for (const i of own) {
    if (!(worth(i) > 0)) continue;
    const held = byProduct.get(candidates[i]!.product);
    if (held === undefined || worth(i) > worth(held)) byProduct.set(candidates[i]!.product, i);
  }
  const offers = [...byProduct.values()].sort((a, b) => worth(b) - worth(a) || a - b).slice(0, most);
  return bundleOf(candidates, offers);
}

function bundleOf(candidates: readonly Candidate[], offers: readonly number[]): Bundle {
  let [gain, cost] = [0, 0];
  for (const i of offers) {
    gain += candidates[i]!.gain;
    cost += candidates[i]!.cost;
  }
  return { offers, gain, cost };
}

/** The least price that keeps the budget (to within a millionth of the largest), and the best bound met on the way. */
function priced(candidates: readonly Candidate[], customers: readonly (readonly number[])[], limits: Limits) {
  const at = (lambda: number) => {
    const bundles = customers.map((own) => bestBundle(candidates, own, lambda, limits.perCustomer));
    const [gain, cost] = [sum(bundles, 'gain'), sum(bundles, 'cost')];
    return { lambda, bundles, cost, bound: gain - lambda * cost + lambda * limits.budget };
  };
  let kept = at(0);
  if (kept.cost <= limits.budget) return kept;
  let [low, bound] = [0, kept.bound];
  let high = candidates.reduce((most, { gain, cost }) => Math.max(most, cost > 0 ? gain / cost : 0), 0) * 1.01 + 1;
  kept = at(high);
  for (let step = 0; step < 60; step++) {
    const middle = at((low + high) / 2);
    bound = Math.min(bound, middle.bound);
    if (middle.cost <= limits.budget) {
      high = middle.lambda;
      kept = middle;
    } else low = middle.lambda;
  }
  return { ...kept, bound };
}

/** Spends what is left of the budget: again and again the exchange of one customer's offers that gains most a unit. */
function fill(
  candidates: readonly Candidate[],
  customers: readonly (readonly number[])[],
  bundles: readonly Bundle[],
  { budget, perCustomer }: Limits,
): Bundle[] {
  const plan = [...bundles];
  let left = budget - sum(plan, 'cost');
  // Everything a customer could have beside or in place of what it has, by what it gains for its cost.
  const moves = customers
    .flatMap((own, c) => own.map((i) => ({ c, i })))
    .sort((a, b) => ratio(candidates[b.i]!) - ratio(candidates[a.i]!) || a.i - b.i);
  for (const { c, i } of moves) {
    const held = plan[c]!;
    if (held.offers.includes(i)) continue;
    const same = held.offers.find((o) => candidates[o]!.product === candidates[i]!.product);
    const full = held.offers.length >= perCustomer;
    const weakest = full
      ? held.offers.reduce((w, o) => (candidates[o]!.gain < candidates[w]!.gain ? o : w), held.offers[0]!)
      : undefined;
    const out = same ?? weakest;
    const next = bundleOf(candidates, [...held.offers.filter((o) => o !== out), i]);
    if (next.gain <= held.gain || next.cost - held.cost > left) continue;
    left -= next.cost - held.cost;
    plan[c] = next;
  }
  return plan;
}

const ratio = ({ gain, cost }: Candidate): number => (cost > 0 ? gain / cost : Number.MAX_VALUE);

function check(candidates: readonly Candidate[], { budget, perCustomer, minMarginShare }: Limits): void {
  const fault = (field: string, value: number, message: string) =>
    new PerennialError('PARAMETER_INVALID', `${field}: ${value} ${message}`, {
      fields: [{ field, value, message }],
      remedy: 'Give a value within the range.',
    });
  if (!(budget >= 0)) throw fault('budget', budget, 'is not an amount of at least 0');
  if (!(Number.isInteger(perCustomer) && perCustomer >= 1))
    throw fault('perCustomer', perCustomer, 'is not a whole number of at least 1');
  if (!Number.isFinite(minMarginShare)) throw fault('minMarginShare', minMarginShare, 'is not a number');
  for (const { gain, cost } of candidates) {
    if (!(cost >= 0 && cost < Number.POSITIVE_INFINITY)) throw fault('cost', cost, 'is not an amount of at least 0');
    if (!Number.isFinite(gain)) throw fault('gain', gain, 'is not an amount');
  }
}
