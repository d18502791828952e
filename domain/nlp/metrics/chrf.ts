import { splitBlanks } from './blanks.ts';
import { addUp, checkPairs, matches, ngramCounts } from './counts.ts';

const orders = 6;
const beta = 2;

const characters = (text: string): string[] => Array.from(splitBlanks(text).join(''));

/** What chrF needs of a sentence: for the character 1- to 6-grams those of hypothesis, reference and both. */
export function chrfStatistics(hypothesis: string, reference: string): Int32Array {
  const [h, r] = [characters(hypothesis), characters(reference)];
  const out = new Int32Array(3 * orders);
  for (let n = 1; n <= orders; n++) {
    const references = Math.max(0, r.length - n + 1);
    // Without n-grams of the reference, those of the hypothesis are not counted against it.
    out[3 * (n - 1)] = references > 0 ? Math.max(0, h.length - n + 1) : 0;
    out[3 * (n - 1) + 1] = references;
    out[3 * (n - 1) + 2] = matches(ngramCounts(h, n, ''), ngramCounts(r, n, ''));
  }
  return out;
}

/** chrF of the sum of statistics, from 0 to 100. */
export function chrfOf(statistics: readonly Int32Array[]): number {
  const sum = addUp(statistics, 3 * orders);
  let precision = 0;
  let recall = 0;
  let effective = 0;
  for (let n = 0; n < orders; n++) {
    const [h, r, m] = [sum[3 * n] as number, sum[3 * n + 1] as number, sum[3 * n + 2] as number];
    if (h === 0 || r === 0) continue;
    precision += m / h;
    recall += m / r;
    effective++;
  }
  if (effective === 0 || precision + recall === 0) return 0;
  precision /= effective;
  recall /= effective;
  return (100 * (1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall);
}

/**
 * Corpus chrF2 (Popović 2015, 2016) with one reference, characters 1 to 6, blanks left out: the score of sacreBLEU with
 * its defaults.
 *
 * @throws DATA_MISSING when the lists differ in length.
 */
export function chrf(hypotheses: readonly string[], references: readonly string[]): number {
  checkPairs(hypotheses, references);
  return chrfOf(hypotheses.map((hypothesis, i) => chrfStatistics(hypothesis, references[i] as string)));
}
