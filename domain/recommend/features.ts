import type { Snapshot, SourceScores } from './snapshot.ts';

/** What the ranker sees of a customer and a product, in this order. Changing it makes a new model format. */
export const featureNames = [
  'owned',
  'lines',
  'days',
  'basketShare',
  'recent',
  'lasting',
  'tifu',
  'tifuNorm',
  'sinceLast',
  'gapRatio',
  'gapKnown',
  'basketsAgo',
  'inLastBasket',
  'quantity',
  'ease',
  'easeNorm',
  'easeRecent',
  'easeRecentNorm',
  'easeNow',
  'easeNowNorm',
  'neighbour',
  'neighbourNorm',
  'neighbourRecent',
  'neighbourRecentNorm',
  'neighbourShare',
  'adoption',
  'adoptionNorm',
  'vector',
  'vectorNorm',
  'nearestOwned',
  'nearestRecent',
  'buyers7',
  'buyers30',
  'buyers90',
  'buyers',
  'trendWeek',
  'trendMonth',
  'marketShare',
  'age',
  'unsold',
  'repeat',
  'freshShare',
  'logPrice',
  'priceFit',
  'logQuantity',
  'baskets',
  'ownedCount',
  'customerSinceLast',
  'basketSize',
  'tenure',
  'customerRepeat',
  'customerGap',
] as const;

export const featureCount = featureNames.length;

const referenceProducts = 24;

/** Features of the candidates of one customer, row by row [candidates × featureCount]. */
export function featuresOf(
  snapshot: Snapshot,
  customer: number,
  scores: SourceScores,
  candidates: Int32Array,
): Float32Array {
  const { history, stats, sales, vectors, dimensions: d } = snapshot;
  const { asOfDay, start, product } = history;
  const [from, to] = [start[customer]!, start[customer + 1]!];
  const entryOf = new Map<number, number>();
  let [tifuMax, repeated] = [1e-9, 0];
  for (let e = from; e < to; e++) {
    entryOf.set(product[e]!, e);
    tifuMax = Math.max(tifuMax, history.tifu[e]!);
    if (history.days[e]! > 1) repeated++;
  }
  const own = Array.from({ length: to - from }, (_, i) => from + i);
  own.sort((a, b) => history.lasting[b]! - history.lasting[a]! || a - b);
  const reference = own.slice(0, referenceProducts).map((e) => product[e]!);
  const lastBasket = new Set(own.filter((e) => history.basketsAgo[e] === 0).map((e) => product[e]!));
  let [easeMax, easeRecentMax, easeNowMax, adoptionMax, neighbourMax, neighbourRecentMax, vectorMax] = [
    1e-6, 1e-6, 1e-6, 1e-6, 1e-6, 1e-6, 1e-6,
  ];
  for (const p of candidates) {
    if (entryOf.has(p)) continue;
    easeMax = Math.max(easeMax, scores.ease[p]!);
    easeRecentMax = Math.max(easeRecentMax, scores.easeRecent[p]!);
    neighbourMax = Math.max(neighbourMax, scores.neighbour[p]!);
    neighbourRecentMax = Math.max(neighbourRecentMax, scores.neighbourRecent[p]!);
    easeNowMax = Math.max(easeNowMax, scores.easeNow[p]!);
    adoptionMax = Math.max(adoptionMax, scores.adoption[p]!);
    vectorMax = Math.max(vectorMax, scores.vector[p]!);
  }
  const baskets = history.baskets[customer]!;
  const span = history.lastDay[customer]! - history.firstDay[customer]!;
  const customerGap = baskets > 1 ? span / (baskets - 1) : 90;
  const market = sales.marketOf[customer]!;
  const active = stats.activeInMarket[market]! + 5;
  const ownedCount = to - from;
  // Shares, not counts, and ages up to a limit: counts and ages grow with the length of the data, and a window of the
  // past would teach other values than those met later.
  const rate = 1000 / (stats.active90 + 20);
  const rateEver = 1000 / (stats.everActive + 20);
  const about = [
    Math.log1p(baskets),
    Math.log1p(ownedCount),
    Math.log1p(baskets > 0 ? Math.min(150, asOfDay - history.lastDay[customer]!) : 150),
    Math.log1p(history.lineCount[customer]! / Math.max(1, baskets)),
    Math.log1p(baskets > 0 ? Math.min(90, asOfDay - history.firstDay[customer]!) : 0),
    repeated / (ownedCount + 3),
    Math.log1p(customerGap),
  ];
  const out = new Float32Array(candidates.length * featureCount);
  let at = 0;
  for (const p of candidates) {
    const e = entryOf.get(p);
    if (e === undefined) {
      at += 14;
    } else {
      const days = history.days[e]!;
      const since = asOfDay - history.last[e]!;
      const gap = days > 1 ? (history.last[e]! - history.first[e]!) / (days - 1) : customerGap;
      out[at++] = 1;
      out[at++] = Math.log1p(history.lines[e]!);
      out[at++] = Math.log1p(days);
      out[at++] = days / baskets;
      out[at++] = Math.log1p(history.recent[e]!);
      out[at++] = Math.log1p(history.lasting[e]!);
      out[at++] = history.tifu[e]! * 3;
      out[at++] = history.tifu[e]! / tifuMax;
      out[at++] = Math.log1p(Math.min(180, since));
      out[at++] = Math.log((since + 3) / (gap + 3));
      out[at++] = days > 1 ? 1 : 0;
      out[at++] = Math.log1p(history.basketsAgo[e]!);
      out[at++] = history.basketsAgo[e] === 0 ? 1 : 0;
      out[at++] = Math.log(history.quantity[e]! / history.lines[e]!) - stats.logQuantity[p]!;
    }
    out[at++] = scores.ease[p]!;
    out[at++] = Math.min(3, scores.ease[p]! / easeMax);
    out[at++] = scores.easeRecent[p]!;
    out[at++] = Math.min(3, scores.easeRecent[p]! / easeRecentMax);
    out[at++] = scores.easeNow[p]!;
    out[at++] = Math.min(3, scores.easeNow[p]! / easeNowMax);
    out[at++] = Math.log1p(100 * scores.neighbour[p]!);
    out[at++] = Math.min(3, scores.neighbour[p]! / neighbourMax);
    out[at++] = Math.log1p(scores.neighbourRecent[p]!);
    out[at++] = Math.min(3, scores.neighbourRecent[p]! / neighbourRecentMax);
    out[at++] = Math.log1p(100 * scores.neighbourShare[p]!);
    out[at++] = Math.log1p(scores.adoption[p]!);
    out[at++] = Math.min(3, scores.adoption[p]! / adoptionMax);
    out[at++] = scores.vector[p]!;
    out[at++] = Math.max(-1, scores.vector[p]! / vectorMax);
    let [nearest, nearestRecent] = [-1, -1];
    for (const other of reference) {
      if (other === p) continue;
      let dot = 0;
      for (let k = 0, a = other * d, b = p * d; k < d; k++) dot += vectors[a++]! * vectors[b++]!;
      if (dot > nearest) nearest = dot;
      if (dot > nearestRecent && lastBasket.has(other)) nearestRecent = dot;
    }
    out[at++] = nearest;
    out[at++] = nearestRecent;
    const [b7, b30, b90] = [stats.buyers7[p]!, stats.buyers30[p]!, stats.buyers90[p]!];
    out[at++] = Math.log1p(b7 * rate);
    out[at++] = Math.log1p(b30 * rate);
    out[at++] = Math.log1p(b90 * rate);
    out[at++] = Math.log1p(stats.buyers[p]! * rateEver);
    out[at++] = Math.log((b7 + 1) / (b30 * (7 / 30) + 1));
    out[at++] = Math.log((b30 + 2) / (b90 / 3 + 2));
    out[at++] = Math.log1p((100 * stats.inMarket[market * history.products + p]!) / active);
    out[at++] = Math.log1p(Math.min(60, asOfDay - stats.firstDay[p]!));
    out[at++] = Math.log1p(Math.min(60, asOfDay - stats.lastDay[p]!));
    out[at++] = stats.repeat[p]!;
    out[at++] = stats.freshShare[p]!;
    out[at++] = stats.logPrice[p]!;
    out[at++] = Math.abs(stats.logPrice[p]! - history.logPrice[customer]!) / (history.priceSpread[customer]! + 0.5);
    out[at++] = stats.logQuantity[p]!;
    for (const value of about) out[at++] = value;
  }
  return out;
}
