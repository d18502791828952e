import type { AssortmentGap } from '../../../contracts/gaps.ts';

/** Types of the columns of the dataset of assortment gaps. */
export const gapColumns = `{customer_id: 'VARCHAR', product_id: 'VARCHAR', product: 'VARCHAR', market: 'VARCHAR', rank: 'INTEGER', score: 'DOUBLE', yearly_value: 'DOUBLE', expected_value: 'DOUBLE', comparables: 'INTEGER', source: 'VARCHAR', sentence: 'VARCHAR', "start": 'INTEGER', "end": 'INTEGER', evidence: 'STRUCT(source VARCHAR, sentence VARCHAR, "start" INTEGER, "end" INTEGER)[]'}`;

/** A gap as it lies in the lake: the surest mention in columns of its own, all of them in `evidence`. */
export function gapRow(gap: AssortmentGap) {
  const [{ source, sentence, start, end } = { source: '', sentence: '', start: 0, end: 0 }] = gap.evidence;
  return {
    customer_id: gap.customerId,
    product_id: gap.productId,
    product: gap.name,
    market: gap.market,
    rank: gap.rank,
    score: gap.score,
    yearly_value: gap.yearlyValue,
    expected_value: gap.expectedValue,
    comparables: gap.comparables,
    source,
    sentence,
    start,
    end,
    evidence: gap.evidence,
  };
}

/** Places gaps by expected value, then score; those of products whose value is not known, and of none, come last. */
export function ranked(gaps: readonly Omit<AssortmentGap, 'rank'>[]): AssortmentGap[] {
  const key = (gap: Omit<AssortmentGap, 'rank'>) => [
    gap.productId === null ? 1 : 0,
    -(gap.expectedValue ?? -1),
    -gap.score,
  ];
  return gaps
    .map((gap) => ({ gap, key: key(gap) }))
    .sort((a, b) => {
      const at = a.key.findIndex((one, i) => one !== b.key[i]);
      if (at >= 0) return a.key[at]! - b.key[at]!;
      const [one, other] = [`${a.gap.customerId} ${a.gap.name}`, `${b.gap.customerId} ${b.gap.name}`];
      return one < other ? -1 : one > other ? 1 : 0;
    })
    .map(({ gap }, i) => ({ ...gap, rank: i + 1 }));
}
