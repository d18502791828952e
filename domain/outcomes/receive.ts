import { createHash } from 'node:crypto';
import { type FieldFault, PerennialError } from '../../contracts/errors.ts';
import type { NewOutcome } from '../../contracts/outcomes.ts';

/** An outcome as it is sent. */
export type SentOutcome = Omit<NewOutcome, 'id' | 'market'> & {
  readonly id?: string | undefined;
  readonly market?: string | undefined;
};

/**
 * Outcomes as they are kept. Ids of customers and products are read as those of files (products in capitals, customers without decimals).
 * Without an id of its own an outcome has that of its customer, product and day, as an offer is made once a day.
 *
 * @throws VALIDATION_FAILED naming each field that does not hold: nothing is kept then.
 */
export function newOutcomes(sent: readonly SentOutcome[]): NewOutcome[] {
  const faults: FieldFault[] = [];
  const seen = new Map<string, number>();
  const outcomes = sent.map((one, i) => {
    const outcome = newOutcome(one);
    const field = (name: string): string => `outcomes[${i}].${name}`;
    if (outcome.customerId === '')
      faults.push({ field: field('customerId'), value: one.customerId, message: 'is empty' });
    if (outcome.productId === '') faults.push({ field: field('productId'), value: one.productId, message: 'is empty' });
    if (outcome.holdout && outcome.discount > 0)
      faults.push({ field: field('discount'), value: one.discount, message: 'must be 0 for one that was held out' });
    const before = seen.get(outcome.id);
    if (before !== undefined)
      faults.push({
        field: field('id'),
        value: one.id ?? `${outcome.customerId}, ${outcome.productId}, ${outcome.date}`,
        message: `is that of outcomes[${before}]`,
      });
    seen.set(outcome.id, i);
    return outcome;
  });
  if (faults.length === 0) return outcomes;
  throw new PerennialError(
    'VALIDATION_FAILED',
    `The outcomes are not taken: ${faults.map(({ field, message }) => `${field} ${message}`).join('; ')}.`,
    { fields: faults, remedy: 'Correct them and send all of them again.' },
  );
}

/** An outcome as it is kept, unchecked. */
export function newOutcome({ id, market = '', ...sent }: SentOutcome): NewOutcome {
  const customerId = sent.customerId.trim().replace(/\.0+$/, '');
  const productId = sent.productId.trim().toUpperCase();
  const key = JSON.stringify([customerId, productId, sent.date]);
  return {
    ...sent,
    market: market.trim(),
    customerId,
    productId,
    id: id ?? createHash('sha256').update(key).digest('hex').slice(0, 40),
  };
}
