import type { Snapshot, SourceScores } from './snapshot.ts';
import { takeTop } from './top.ts';

/** How many products each source brings in. */
const share = {
  owned: 200,
  ease: 60,
  easeRecent: 40,
  easeNow: 30,
  adoption: 30,
  neighbour: 50,
  neighbourRecent: 40,
  vector: 25,
  week: 15,
  month: 30,
  market: 20,
};

/** Fewer are filled up with what most customers buy. */
export const enoughCandidates = 50;

/**
 * Products worth ranking for a customer: what it owns and the best of every source among the others. Products not
 * sold by anyone for 120 days are left out unless owned.
 */
export function candidatesFor(
  snapshot: Snapshot,
  customer: number,
  scores: SourceScores,
  newOnly: boolean,
): Int32Array {
  const { history, stats, sales } = snapshot;
  const taken = new Uint8Array(history.products);
  const out: number[] = [];
  const [from, to] = [history.start[customer]!, history.start[customer + 1]!];
  const own = Array.from({ length: to - from }, (_, i) => from + i);
  own.sort((a, b) => history.tifu[b]! - history.tifu[a]! || a - b);
  for (const [i, e] of own.entries()) {
    const p = history.product[e]!;
    taken[p] = 1;
    if (!newOnly && i < share.owned) out.push(p);
  }
  const market = sales.marketOf[customer]!;
  const inMarket = stats.inMarket.subarray(market * history.products, (market + 1) * history.products);
  takeTop(scores.ease, share.ease, taken, out);
  takeTop(scores.easeRecent, share.easeRecent, taken, out);
  takeTop(scores.easeNow, share.easeNow, taken, out);
  takeTop(scores.adoption, share.adoption, taken, out);
  takeTop(scores.neighbour, share.neighbour, taken, out);
  takeTop(scores.neighbourRecent, share.neighbourRecent, taken, out);
  takeTop(stats.buyers30, share.month, taken, out);
  takeTop(stats.buyers7, share.week, taken, out);
  takeTop(inMarket, share.market, taken, out);
  takeTop(scores.vector, share.vector, taken, out);
  if (out.length < enoughCandidates) takeTop(stats.buyers, enoughCandidates, taken, out);
  return Int32Array.from(out);
}
