import type { SalesTable } from '../recommend/index.ts';

/** What a product would bring with a customer in a year. */
export interface YearlyValue {
  /** In the currency of the customer's sales. */
  readonly value: number;
  /** Customers it is read from. */
  readonly comparables: number;
}

const year = 365;
/** A customer's year is not told from fewer days. */
const leastDays = 90;

/**
 * What customers would spend on products in a year if they bought as comparable customers do: the median, over the customers
 * that bought the product on two days or more within the last 365, of its share in all they spent, times what the
 * customer spends in a year. So the value grows with the customer's size, and markets may have currencies of their own. Of a
 * product that nobody bought again, all who bought it are comparable; of one that nobody bought in the year, nothing is known.
 *
 * What a customer spends in a year is what it spent in the last 365 days before `asOfDay` (days since 1970-01-01); if it is
 * known for less, as much a day for the rest, from at least 90 days.
 *
 * @returns the value for a customer and a product, as indices of the table; null when nothing is known of the product.
 */
export function yearlyValues(
  sales: SalesTable,
  asOfDay: number,
): (customer: number, product: number) => YearlyValue | null {
  const products = sales.products.length;
  const spent = new Float64Array(sales.customers.length);
  const first = new Int32Array(sales.customers.length).fill(asOfDay);
  const pairs = new Map<number, { spend: number; day: number; again: boolean }>();
  for (let i = 0; i < sales.day.length; i++) {
    const [customer, day] = [sales.customer[i]!, sales.day[i]!];
    if (day >= asOfDay) break;
    first[customer] = Math.min(first[customer]!, day);
    if (day < asOfDay - year) continue;
    const amount = sales.quantity[i]! * sales.price[i]!;
    spent[customer]! += amount;
    const key = customer * products + sales.product[i]!;
    const known = pairs.get(key);
    if (!known) pairs.set(key, { spend: amount, day, again: false });
    else {
      known.spend += amount;
      known.again ||= known.day !== day;
    }
  }
  const [again, once] = [new Map<number, number[]>(), new Map<number, number[]>()];
  for (const [key, { spend, again: isAgain }] of pairs) {
    const product = key % products;
    const share = spend / spent[Math.floor(key / products)]!;
    for (const shares of isAgain ? [again, once] : [once]) {
      const list = shares.get(product);
      if (list) list.push(share);
      else shares.set(product, [share]);
    }
  }
  const median = new Map(
    [...once].map(([product, all]) => {
      const shares = (again.get(product) ?? all).sort((a, b) => a - b);
      const middle = (shares.length - 1) / 2;
      const share = (shares[Math.floor(middle)]! + shares[Math.ceil(middle)]!) / 2;
      return [product, { share, comparables: shares.length }] as const;
    }),
  );
  return (customer, product) => {
    const found = median.get(product);
    if (!found) return null;
    const days = Math.min(year, Math.max(leastDays, asOfDay - first[customer]!));
    return { value: (found.share * spent[customer]! * year) / days, comparables: found.comparables };
  };
}
