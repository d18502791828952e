import type { Purchase, PurchasesAnswer } from '../../contracts/purchases.ts';

/** What customers have bought, as the sales in the lake say. */
export interface Purchases {
  /** A customer's products, those bought last first, from place `after` on (0: the first). Nothing for one who is not known. */
  of(
    customer: { readonly market: string; readonly customerId: string },
    page: { readonly after: number; readonly limit: number },
  ): Promise<Pick<PurchasesAnswer, 'upTo' | 'products' | 'spend'> & { readonly purchases: readonly Purchase[] }>;
}
