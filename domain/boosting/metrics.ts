import { discounts, idealDcg } from './dcg.ts';
import type { RankedLists } from './lambdarank.ts';
import type { LogisticData } from './logistic.ts';
import type { ValidationMetric } from './objective.ts';
import { sortByScore } from './order.ts';

/** Mean NDCG at rank `k` over the lists that hold anything relevant; gain 2^grade − 1. */
export function ndcg({ start, label }: RankedLists, k = 10): ValidationMetric {
  const discount = discounts(k);
  const lists = start.length - 1;
  const ideal = Float64Array.from({ length: lists }, (_, l) => idealDcg(label, start[l]!, start[l + 1]!, k, discount));
  const order = Int32Array.from(label, (_, r) => r);
  return {
    name: `ndcg@${k}`,
    higherIsBetter: true,
    of(scores) {
      let [sum, counted] = [0, 0];
      for (let l = 0; l < lists; l++) {
        if (ideal[l] === 0) continue;
        const [from, to] = [start[l]!, start[l + 1]!];
        sortByScore(order, scores, from, to);
        let gain = 0;
        for (let i = 0; i < Math.min(k, to - from); i++) gain += (2 ** label[order[from + i]!]! - 1) * discount[i]!;
        sum += gain / ideal[l]!;
        counted++;
      }
      return counted > 0 ? sum / counted : 0;
    },
  };
}

/** Mean log loss of scores that are log odds. */
export function logLoss({ label, weight }: LogisticData): ValidationMetric {
  return {
    name: 'log loss',
    higherIsBetter: false,
    of(scores) {
      let [sum, total] = [0, 0];
      for (let r = 0; r < label.length; r++) {
        const w = weight ? weight[r]! : 1;
        const score = scores[r]!;
        // log(1 + e^score) without overflow
        sum += w * (Math.max(0, score) + Math.log1p(Math.exp(-Math.abs(score))) - label[r]! * score);
        total += w;
      }
      return total > 0 ? sum / total : 0;
    },
  };
}
