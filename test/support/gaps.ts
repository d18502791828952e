import type { AssortmentGap } from '../../contracts/gaps.ts';

/** A gap as a run stores it. */
export function assortmentGap(given: Partial<AssortmentGap> & Pick<AssortmentGap, 'rank'>): AssortmentGap {
  const sentence = 'In daily use here: red mugs.';
  return {
    market: 'DE',
    customerId: '12000',
    asOf: '2026-01-01',
    runId: 'r',
    productId: 'P1',
    name: 'MUG RED',
    score: 0.8,
    yearlyValue: 100,
    expectedValue: 80,
    comparables: 12,
    evidence: [{ source: 'menu.pdf', sentence, start: 19, end: 27 }],
    ...given,
  };
}
