/** Money of one unit offered. */
export interface UnitEconomics {
  /** Price without a discount, in units of the currency. */
  readonly price: number;
  /** What one unit costs, in units of the currency. */
  readonly unitCost: number;
  /** Units a sale has. */
  readonly quantity: number;
}

export interface ExpectedMargin {
  /** Expected margin with the offer: P(sale | discount) × margin of a sale. */
  readonly margin: number;
  /** What the offer adds to the expected margin without one. */
  readonly incremental: number;
  /** Expected discount spent: P(sale | discount) × discount of a sale, sales that had come anyway included. */
  readonly spend: number;
  /** Expected revenue with the offer: P(sale | discount) × what a sale brings. */
  readonly revenue: number;
  /** Margin of a sale as a share of the price paid. */
  readonly marginShare: number;
}

/**
 * @param discount share of the price taken off, 0 to below 1.
 * @param probability P(sale) with the discount. @param without P(sale) without one.
 */
export function expectedMargin(
  { price, unitCost, quantity }: UnitEconomics,
  discount: number,
  probability: number,
  without: number,
): ExpectedMargin {
  const paid = price * (1 - discount);
  const margin = probability * (paid - unitCost) * quantity;
  return {
    margin,
    incremental: margin - without * (price - unitCost) * quantity,
    spend: probability * price * discount * quantity,
    revenue: probability * paid * quantity,
    marginShare: (paid - unitCost) / paid,
  };
}
