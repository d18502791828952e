import type { Random } from '../../../domain/nlp/random.ts';
import type { DemoProduct } from './catalogue.ts';
import { type DemoCustomer, weighted } from './customers.ts';

/** How a customer answers offers, whatever it buys otherwise (the four of Radcliffe 2007). */
export type OfferKind = 'persuadable' | 'sure thing' | 'lost cause' | 'put off';

/** The planted truth of a customer: the odds of a sale without an offer, and what a discount of 10 % multiplies them by. */
export interface PlantedResponse {
  readonly kind: OfferKind;
  readonly oddsFactor: number;
}

export const offersHeader = 'customer_id,product_id,date,discount,sale,holdout\n';

const kinds: readonly OfferKind[] = ['persuadable', 'sure thing', 'lost cause', 'put off'];
/** P(sale) without an offer: of a staple, of a product of a theme it likes, of another. */
const chances: Readonly<Record<OfferKind, readonly [number, number, number]>> = {
  persuadable: [0.3, 0.12, 0.05],
  'sure thing': [0.7, 0.45, 0.3],
  'lost cause': [0.04, 0.02, 0.01],
  'put off': [0.4, 0.25, 0.15],
};
/** Share of offers that are held out at random: the product is put before the customer without a discount. */
const heldOut = 0.25;
/** Percent taken off the price. */
const discounts = [5, 10, 20, 30];
/** Days between two offers to a customer, on average. */
const everyDays = 8;

/** What an offer does to a customer. Who orders often is oftener a sure thing, who seldom does is oftener persuadable. */
export function plantResponse({ everyDays: cadence, discountEffect }: DemoCustomer, random: Random): PlantedResponse {
  const often = cadence < 14;
  const kind = kinds[weighted(often ? [0.2, 0.45, 0.2, 0.15] : [0.45, 0.1, 0.3, 0.15], random)] ?? 'persuadable';
  const oddsFactor = {
    persuadable: 1 + discountEffect,
    'sure thing': 1.02,
    'lost cause': 1.02,
    'put off': 1 / (0.5 + discountEffect),
  }[kind];
  return { kind, oddsFactor };
}

/** P(sale) of an offer; `discount` in percent. */
export function planted(
  { kind, oddsFactor }: PlantedResponse,
  customer: DemoCustomer,
  product: number,
  theme: number | undefined,
  discount: number,
): number {
  const closeness = customer.staples.includes(product)
    ? 0
    : theme !== undefined && customer.themes.includes(theme)
      ? 1
      : 2;
  const base = chances[kind][closeness];
  const odds = (base / (1 - base)) * oddsFactor ** (discount / 10);
  return odds / (1 + odds);
}

/** The offers of one day with their outcomes, as lines of CSV. */
export function offersOfDay(
  customers: readonly DemoCustomer[],
  responses: readonly PlantedResponse[],
  catalogue: readonly DemoProduct[],
  date: string,
  random: Random,
): string {
  const lines: string[] = [];
  customers.forEach((customer, i) => {
    if (random.next() >= 1 / everyDays) return;
    const staple = random.next() < 0.3 && customer.staples.length > 0;
    const product = staple
      ? (customer.staples[random.below(customer.staples.length)] ?? 0)
      : random.below(catalogue.length);
    const holdout = random.next() < heldOut;
    const drawn = discounts[random.below(discounts.length)] ?? 0;
    const discount = holdout ? 0 : drawn;
    const chance = planted(responses[i] as PlantedResponse, customer, product, catalogue[product]?.theme, discount);
    const sale = random.next() < chance;
    lines.push(`${customer.id},${catalogue[product]?.id},${date},${discount},${sale ? 1 : 0},${holdout ? 1 : 0}\n`);
  });
  return lines.join('');
}
