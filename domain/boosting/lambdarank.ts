import { discounts, idealDcg } from './dcg.ts';
import { emptyData, lengthFault, outOfRange } from './faults.ts';
import type { Objective } from './objective.ts';
import { sortByScore } from './order.ts';

/** Lists to rank: list l holds the rows `start[l] … start[l + 1]`. */
export interface RankedLists {
  readonly start: Int32Array;
  /** Grade of each row, 0 (irrelevant) to 31; the gain of a grade is 2^grade − 1. */
  readonly label: Uint8Array;
}

export interface LambdarankOptions {
  /** Only pairs with a row among the first of this many ranks count; default 20. */
  readonly truncation?: number;
  /** Slope of the logistic function of a pair; default 1. */
  readonly sigmoid?: number;
  /** Lists weigh alike whatever their length and spread (LightGBM's lambdarank_norm); default true. */
  readonly normalise?: boolean;
}

const tableSize = 1 << 16;
const tableReach = 25;

/** 1 / (1 + e^x) for x from −25 to 25, at the middle of each step: exp() for every pair takes longer than all the rest. */
function logisticTable(sigmoid: number): Float64Array {
  const step = (2 * tableReach) / tableSize;
  return Float64Array.from(
    { length: tableSize },
    (_, i) => 1 / (1 + Math.exp(sigmoid * ((i + 0.5) * step - tableReach))),
  );
}

/**
 * Orders the rows of lists by pairs that are weighed by what their swap would change of NDCG (LambdaMART, Burges 2010),
 * with the truncation and the norms of LightGBM. Lists whose labels are all alike teach nothing.
 *
 * @throws DATA_MISSING without lists, PARAMETER_INVALID when `start` does not end at the number of labels
 *   or a label or option is out of its range.
 */
export function lambdarank({ start, label }: RankedLists, options: LambdarankOptions = {}): Objective {
  const { truncation = 20, sigmoid = 1, normalise = true } = options;
  if (start.length < 2 || label.length === 0) throw emptyData('start', Math.max(0, start.length - 1));
  if (start.at(-1) !== label.length) throw lengthFault('label', label.length, start.at(-1)!);
  const grades = label.reduce((top, grade) => Math.max(top, grade), 0);
  if (grades > 31) throw outOfRange('label', grades, 'is not a grade from 0 to 31');
  if (!(truncation >= 1)) throw outOfRange('truncation', truncation, 'is not a rank of at least 1');
  if (!(sigmoid > 0)) throw outOfRange('sigmoid', sigmoid, 'is not above 0');
  const lists = start.length - 1;
  let longest = 0;
  for (let l = 0; l < lists; l++) longest = Math.max(longest, start[l + 1]! - start[l]!);
  const table = logisticTable(sigmoid);
  const scale = tableSize / (2 * tableReach);
  const discount = discounts(longest);
  const inverseIdeal = new Float64Array(lists);
  for (let l = 0; l < lists; l++) {
    const ideal = idealDcg(label, start[l]!, start[l + 1]!, truncation, discount);
    inverseIdeal[l] = ideal > 0 ? 1 / ideal : 0;
  }
  // Rows of a list by falling score; kept, for after one tree more little has moved.
  const order = Int32Array.from(label, (_, r) => r);
  const ranked = new Float64Array(longest);
  const grade = new Uint8Array(longest);
  const [lambda, hessian] = [new Float64Array(longest), new Float64Array(longest)];
  const [byGrade, gradeStart] = [new Int32Array(longest), new Int32Array(258)];

  return { name: 'lambdarank', rows: label.length, start, initialScore: 0, derive };

  function derive(scores: Float64Array, units: Int32Array, derivatives: Float32Array): void {
    for (let u = 0; u < units.length; u++) {
      const l = units[u]!;
      const [from, to] = [start[l]!, start[l + 1]!];
      const n = to - from;
      sortByScore(order, scores, from, to);
      for (let i = 0; i < n; i++) {
        ranked[i] = scores[order[from + i]!]!;
        grade[i] = label[order[from + i]!]!;
        lambda[i] = 0;
        hessian[i] = 0;
      }
      const norm = inverseIdeal[l]! > 0 ? addPairs(n, inverseIdeal[l]!) : 0;
      for (let i = 0; i < n; i++) {
        const r = order[from + i]!;
        derivatives[2 * r] = lambda[i]! * norm;
        derivatives[2 * r + 1] = hessian[i]! * norm;
      }
    }
  }

  /** Sums the pairs of the list in `ranked` and `grade`; what to multiply the sums with. */
  function addPairs(n: number, inverse: number): number {
    const grades = groupByGrade(n);
    const spread = normalise && ranked[0] !== ranked[n - 1];
    let sum = 0;
    for (let i = 0; i < Math.min(n, truncation); i++) {
      const [score, own, ownDiscount] = [ranked[i]!, grade[i]!, discount[i]!];
      const ownGain = 2 ** own;
      let [lambdaOwn, hessianOwn] = [0, 0];
      for (let other = 0; other < grades; other++) {
        const [from, to] = [gradeStart[other]!, gradeStart[other + 1]!];
        if (from === to || other === own) continue;
        // Below rank i only: a pair within the truncation is met once.
        const gap = Math.abs(ownGain - 2 ** other) * inverse;
        const sign = own > other ? 1 : -1;
        for (let k = to - 1; k >= from; k--) {
          const j = byGrade[k]!;
          if (j <= i) break;
          const difference = score - ranked[j]!;
          let weight = gap * (ownDiscount - discount[j]!);
          if (spread) weight /= 0.01 + difference;
          const at = (sign * difference + tableReach) * scale;
          const p = table[at < 0 ? 0 : at >= tableSize ? tableSize - 1 : at | 0]!;
          const pull = sigmoid * weight * p;
          const bend = sigmoid * pull * (1 - p);
          lambdaOwn -= sign * pull;
          hessianOwn += bend;
          lambda[j]! += sign * pull;
          hessian[j]! += bend;
          sum += 2 * pull;
        }
      }
      lambda[i]! += lambdaOwn;
      hessian[i]! += hessianOwn;
    }
    return normalise && sum > 0 ? Math.log2(1 + sum) / sum : 1;
  }

  /** Ranks of each grade, ascending, in `byGrade`; one more than the highest grade. */
  function groupByGrade(n: number): number {
    let top = 0;
    for (let i = 0; i < n; i++) top = Math.max(top, grade[i]!);
    gradeStart.fill(0, 0, top + 3);
    for (let i = 0; i < n; i++) gradeStart[grade[i]! + 2]!++;
    for (let g = 2; g <= top + 2; g++) gradeStart[g]! += gradeStart[g - 1]!;
    for (let i = 0; i < n; i++) byGrade[gradeStart[grade[i]! + 1]!++] = i;
    return top + 1;
  }
}
