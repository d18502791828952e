import type { Candidate } from './candidate.ts';

/** Offers that one customer gets together. */
export interface Bundle {
  /** Indices of candidates. */
  readonly offers: readonly number[];
  readonly gain: number;
  readonly cost: number;
}

/** Bundles tried for a customer, and nodes of the search, before it is given up. */
const [mostBundles, mostNodes] = [20_000, 300_000];

/**
 * The bundles of one customer that are worth a thought, the empty one among them: none is beaten by one that costs no more
 * and gains no less. Ascending by cost; null when there are too many to look at.
 */
export function frontierOf(candidates: readonly Candidate[], own: readonly number[], most: number): Bundle[] | null {
  const byProduct = new Map<number, number[]>();
  for (const i of own) byProduct.set(candidates[i]!.product, [...(byProduct.get(candidates[i]!.product) ?? []), i]);
  let all: Bundle[] = [{ offers: [], gain: 0, cost: 0 }];
  for (const offers of byProduct.values()) {
    const more = all
      .filter((bundle) => bundle.offers.length < most)
      .flatMap((bundle) =>
        offers.map((i) => ({
          offers: [...bundle.offers, i],
          gain: bundle.gain + candidates[i]!.gain,
          cost: bundle.cost + candidates[i]!.cost,
        })),
      );
    // Bundles of different sizes do not beat each other yet: a smaller one leaves room for more.
    all = [...all, ...more];
    if (all.length > mostBundles) return null;
  }
  all.sort((a, b) => a.cost - b.cost || b.gain - a.gain);
  const kept: Bundle[] = [];
  for (const bundle of all) if (kept.length === 0 || bundle.gain > kept.at(-1)!.gain) kept.push(bundle);
  return kept;
}

/**
 * Branch and bound over one bundle a customer (depth first; a branch ends when its gain, what the others could gain at the
 * price `lambda`, and the rest of the budget at that price are no more than the best plan). `complete`: nothing was left out.
 */
export function searchBundles(
  frontiers: readonly (readonly Bundle[])[],
  budget: number,
  lambda: number,
  start: readonly Bundle[],
): { best: Bundle[]; complete: boolean } {
  const worth = ({ gain, cost }: Bundle): number => gain - lambda * cost;
  const rest = new Float64Array(frontiers.length + 1);
  for (let c = frontiers.length - 1; c >= 0; c--)
    rest[c] = rest[c + 1]! + frontiers[c]!.reduce((most, bundle) => Math.max(most, worth(bundle)), 0);
  const ordered = frontiers.map((frontier) => [...frontier].sort((a, b) => worth(b) - worth(a)));
  let best = [...start];
  let bestGain = best.reduce((sum, { gain }) => sum + gain, 0);
  let nodes = 0;
  const path: Bundle[] = [];
  const visit = (c: number, gain: number, left: number): void => {
    if (++nodes > mostNodes) return;
    if (c === ordered.length) {
      if (gain <= bestGain) return;
      best = [...path];
      bestGain = gain;
      return;
    }
    for (const bundle of ordered[c]!) {
      if (bundle.cost > left) continue;
      // Sorted by worth: the bundles after this one do no better.
      if (gain + worth(bundle) + lambda * left + rest[c + 1]! <= bestGain + 1e-12) return;
      path.push(bundle);
      visit(c + 1, gain + bundle.gain, left - bundle.cost);
      path.pop();
    }
  };
  visit(0, 0, budget);
  return { best, complete: nodes <= mostNodes };
}
