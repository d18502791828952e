import type { Snapshot, SourceScores } from './snapshot.ts';

const text = (snapshot: Snapshot, product: number): string =>
  snapshot.sales.descriptions[product]?.trim() || snapshot.sales.products[product] || '';

const times = (n: number) => (n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`);
const daysAgo = (n: number) => (n <= 1 ? 'yesterday' : `${n} days ago`);

function repeatReason(snapshot: Snapshot, entry: number): string {
  const { history } = snapshot;
  const days = history.days[entry]!;
  const since = history.asOfDay - history.last[entry]!;
  const bought = days === 1 ? `Bought once, ${daysAgo(since)}` : `Bought on ${days} days, the last ${daysAgo(since)}`;
  if (days < 3) return bought;
  const gap = Math.max(1, Math.round((history.last[entry]! - history.first[entry]!) / (days - 1)));
  return `${bought}, ${gap === 1 ? 'daily' : `every ${gap} days`} on average${since >= gap ? ': due again' : ''}`;
}

/** The owned product that speaks most for `product` by item-item weights, and its weight. */
function strongestOwned(snapshot: Snapshot, customer: number, product: number): { owned: number; weight: number } {
  const { history, ease } = snapshot;
  let best = { owned: -1, weight: 0 };
  for (let e = history.start[customer]!; e < history.start[customer + 1]!; e++) {
    const j = history.product[e]!;
    for (let k = ease.start[j]!; k < ease.start[j + 1]!; k++) {
      if (ease.target[k] === product && ease.weight[k]! > best.weight) best = { owned: j, weight: ease.weight[k]! };
    }
  }
  return best;
}

/** Why a product stands in a customer's list, in words, from the sources that speak for it most. */
export function reasonFor(snapshot: Snapshot, customer: number, scores: SourceScores, product: number): string {
  const { history, stats, sales } = snapshot;
  for (let e = history.start[customer]!; e < history.start[customer + 1]!; e++) {
    if (history.product[e] === product) return repeatReason(snapshot, e);
  }
  const parts: { strength: number; words: string }[] = [];
  const near = Math.round(scores.neighbourShare[product]! * 100);
  if (near >= 3)
    parts.push({ strength: near / 25, words: `bought by ${near} of the 100 customers most like this one` });
  const { owned, weight } = strongestOwned(snapshot, customer, product);
  if (owned >= 0 && weight > 0.02) {
    parts.push({ strength: weight * 8, words: `often bought with ${text(snapshot, owned)}` });
  }
  const market = sales.marketOf[customer]!;
  const inMarket = stats.inMarket[market * history.products + product]!;
  const part = inMarket / Math.max(1, stats.activeInMarket[market]!);
  if (inMarket >= 3) {
    parts.push({
      strength: part * 2,
      words: `${inMarket} customers in ${sales.markets[market]} bought it in the last 60 days`,
    });
  }
  const b30 = stats.buyers30[product]!;
  if (history.asOfDay - stats.firstDay[product]! <= 60 && b30 >= 3) {
    parts.push({
      strength: 0.6,
      words: `new in the assortment, bought ${times(b30)} by different customers in 30 days`,
    });
  }
  if (scores.vector[product]! > 0.5) {
    parts.push({
      strength: scores.vector[product]! - 0.4,
      words: 'much like what this customer buys, by its description and baskets',
    });
  }
  parts.sort((a, b) => b.strength - a.strength);
  const words =
    parts
      .slice(0, 2)
      .map((p) => p.words)
      .join('; ') || `bought by ${stats.buyers[product]!} customers`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}
