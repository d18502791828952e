import { addUp, checkPairs, matches, ngramCounts } from './counts.ts';
import { tokenise13a } from './tokenise13a.ts';

export interface Bleu {
  /** From 0 to 100. */
  readonly score: number;
  /** Percentages of matching 1- to 4-grams, smoothed. */
  readonly precisions: readonly number[];
  readonly brevityPenalty: number;
  readonly hypothesisLength: number;
  readonly referenceLength: number;
}

export interface BleuOptions {
  /** Compare in lower case; default false. */
  readonly lowercase?: boolean;
}

const orders = 4;

/** What BLEU needs of a sentence: lengths of hypothesis and reference, matches and totals of the 1- to 4-grams. */
export function bleuStatistics(hypothesis: string, reference: string, options: BleuOptions = {}): Int32Array {
  const prepare = (text: string) => tokenise13a(options.lowercase ? text.toLowerCase() : text);
  const [h, r] = [prepare(hypothesis), prepare(reference)];
  const out = new Int32Array(2 + 2 * orders);
  out[0] = h.length;
  out[1] = r.length;
  for (let n = 1; n <= orders; n++) {
    out[1 + n] = matches(ngramCounts(h, n, ' '), ngramCounts(r, n, ' '));
    out[1 + orders + n] = Math.max(0, h.length - n + 1);
  }
  return out;
}

/** BLEU of the sum of statistics; parts of a corpus can be drawn again and again (bootstrap) without counting anew. */
export function bleuOf(statistics: readonly Int32Array[]): Bleu {
  const sum = addUp(statistics, 2 + 2 * orders);
  const [hypothesisLength, referenceLength] = [sum[0] as number, sum[1] as number];
  const brevityPenalty =
    hypothesisLength >= referenceLength
      ? 1
      : hypothesisLength > 0
        ? Math.exp(1 - referenceLength / hypothesisLength)
        : 0;
  const correct = sum.subarray(2, 2 + orders);
  const total = sum.subarray(2 + orders);
  const precisions = new Array<number>(orders).fill(0);
  const result = { brevityPenalty, hypothesisLength, referenceLength };
  if (correct.every((n) => n === 0)) return { score: 0, precisions, ...result };
  let smooth = 1;
  for (let n = 0; n < orders && total[n] !== 0; n++) {
    if (correct[n] === 0) {
      smooth *= 2;
      precisions[n] = 100 / (smooth * (total[n] as number));
    } else precisions[n] = (100 * (correct[n] as number)) / (total[n] as number);
  }
  const logs = precisions.reduce((s, p) => s + (p === 0 ? -9999999999 : Math.log(p)), 0);
  return { score: brevityPenalty * Math.exp(logs / orders), precisions, ...result };
}

/**
 * Corpus BLEU (Papineni et al. 2002) with one reference, 13a tokenisation and exponential smoothing: the score of
 * sacreBLEU (Post 2018) with its defaults, to the last digits.
 *
 * @throws DATA_MISSING when the lists differ in length.
 */
export function bleu(hypotheses: readonly string[], references: readonly string[], options: BleuOptions = {}): Bleu {
  checkPairs(hypotheses, references);
  return bleuOf(hypotheses.map((hypothesis, i) => bleuStatistics(hypothesis, references[i] as string, options)));
}
