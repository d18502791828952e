import { createHash } from 'node:crypto';
import { PerennialError } from '../../contracts/errors.ts';

export interface HoldoutOptions {
  /** Names the campaign; another one holds out other customers. */
  readonly campaign: string;
  readonly seed: number;
  /** Share of the customers that get no offer, 0 to 1; default 0.1. */
  readonly share?: number;
}

/**
 * Whether a customer is held out of a campaign: it gets no offer, so that what offers do can be measured later. By a hash
 * of seed, campaign and customer: the same on every machine and in every run, and independent of all that is known of the
 * customer.
 *
 * @throws PARAMETER_INVALID for a share outside 0 to 1.
 */
export function isHeldOut(customer: string, { campaign, seed, share = 0.1 }: HoldoutOptions): boolean {
  if (!(share >= 0 && share <= 1))
    throw new PerennialError('PARAMETER_INVALID', `holdout share: ${share} is not from 0 to 1`, {
      fields: [{ field: 'share', value: share, message: 'is not from 0 to 1' }],
      remedy: 'Give the share of customers without offers, such as 0.1.',
    });
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, campaign, customer]))
    .digest();
  return digest.readUIntBE(0, 6) / 2 ** 48 < share;
}
