import { forEachPair, type SalesTable } from '../recommend/index.ts';

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
  const spent = new Float64Array(sales.customers.length);
  const first = new Int32Array(sales.customers.length).fill(asOfDay);
  for (let i = 0; i < sales.day.length; i++) {
    const [customer, day] = [sales.customer[i]!, sales.day[i]!];
    if (day >= asOfDay) break;
    first[customer] = Math.min(first[customer]!, day);
    if (day >= asOfDay - year) spent[customer]! += sales.quantity[i]! * sales.price[i]!;
  }
  const median = medianShares(sales, asOfDay, spent);
  return (customer, product) => {
    const comparables = median.comparables[product]!;
    if (comparables === 0) return null;
    const days = Math.min(year, Math.max(leastDays, asOfDay - first[customer]!));
    return { value: (median.share[product]! * spent[customer]! * year) / days, comparables };
  };
}

/** By product: the median share in what its comparable customers spent, and how many there are. */
function medianShares(
  sales: SalesTable,
  asOfDay: number,
  spent: Float64Array,
): { share: Float64Array; comparables: Int32Array } {
  const products = sales.products.length;
  const [once, again] = [new Int32Array(products), new Int32Array(products)];
  forEachInYear(sales, asOfDay, (_customer, product, _spend, isAgain) => {
    once[product]!++;
    if (isAgain) again[product]!++;
  });
  const comparables = again.map((n, p) => (n > 0 ? n : once[p]!));
  const start = new Int32Array(products + 1);
  for (let p = 0; p < products; p++) start[p + 1] = start[p]! + comparables[p]!;
  const shares = new Float64Array(start[products]!);
  const next = start.slice();
  forEachInYear(sales, asOfDay, (customer, product, spend, isAgain) => {
    if (isAgain || again[product] === 0) shares[next[product]!++] = spend / spent[customer]!;
  });
  const share = new Float64Array(products);
  for (let p = 0; p < products; p++) {
    const own = shares.subarray(start[p], start[p + 1]).sort();
    const middle = (own.length - 1) / 2;
    if (own.length > 0) share[p] = (own[Math.floor(middle)]! + own[Math.ceil(middle)]!) / 2;
  }
  return { share, comparables };
}

/** Visits each customer and product with a purchase in the year: what was spent, and whether on several days. */
function forEachInYear(
  sales: SalesTable,
  asOfDay: number,
  visit: (customer: number, product: number, spend: number, isAgain: boolean) => void,
): void {
  forEachPair(sales, (customer, product, from, to, order) => {
    let [spend, firstDay, isAgain] = [0, -1, false];
    for (let i = from; i < to; i++) {
      const r = order[i]!;
      const day = sales.day[r]!;
      if (day >= asOfDay || day < asOfDay - year) continue;
      isAgain ||= firstDay >= 0 && day !== firstDay;
      if (firstDay < 0) firstDay = day;
      spend += sales.quantity[r]! * sales.price[r]!;
    }
    if (firstDay >= 0) visit(customer, product, spend, isAgain);
  });
}
