import { Random } from '../../../domain/nlp/index.ts';
import type { Recommendation } from '../../../domain/recommend/index.ts';
import { type Row, table } from './sales.ts';

/**
 * A hundred days of orders, then thirty in which customers buy what is listed with a probability that is planted: by the
 * score, and by whether the customer orders often. What they spend then is 20 at the median, and 30 on average.
 */
export function plantedWorld(customers = 800) {
  const random = new Random(7);
  const rows: Row[] = [];
  const lists: Recommendation[] = [];
  const truth = new Map<string, number>();
  const [products, horizon, asOfDay] = [40, 30, 100];
  const marketOf = Array.from({ length: customers }, (_, c) => c % 2);
  for (let c = 0; c < customers; c++) {
    const often = c % 3 === 0;
    for (let day = often ? 2 : 40; day < asOfDay; day += often ? 8 : 50) rows.push([day, c, 20 + (c % 20), 20]);
    for (let rank = 0; rank < 12; rank++) {
      const score = 2 - rank / 4 + 0.3 * random.normal();
      const p = 1 / (1 + Math.exp(-(score - (often ? 2.2 : 4.2))));
      const product = (c + rank) % 20;
      truth.set(`${c}:${product}`, p);
      lists.push({ customer: c, product, score, isNew: true, reason: '' });
      if (random.next() < p)
        rows.push([asOfDay + random.below(horizon), c, product, 20 * Math.exp(0.9 * random.normal())]);
    }
    lists.splice(-12, 12, ...lists.slice(-12).sort((a, b) => b.score - a.score));
  }
  // Somebody has to have bought the products before for a usual spend to be known.
  for (let p = 0; p < 20; p++) for (let c = 0; c < 200; c++) rows.push([30, c, p, 20]);
  return { sales: table(rows, marketOf, products), lists, truth, asOfDay, toDay: asOfDay + horizon };
}
