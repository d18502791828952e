import type { ProductDays } from '../../../domain/offer-response/index.ts';
import type { StoredSales } from '../sales-table.ts';

/** What a sale of each product is worth, by its index; NaN for one that has not been sold. */
export interface ProductWorth {
  readonly price: Float64Array;
  readonly quantity: Float64Array;
}

/** Days whose prices and quantities count for what a sale is worth. */
const recent = 90;

/** Median price and quantity of each product's lines of the last 90 days before a day; of all its lines when there were none. */
export async function productWorth(stored: StoredSales, asOfDay: number, scratch: string): Promise<ProductWorth> {
  const products = stored.names.products.length;
  const worth = {
    price: new Float64Array(products).fill(Number.NaN),
    quantity: new Float64Array(products).fill(Number.NaN),
  };
  const median = (column: string) => `list_sort(list(${column}))[count(*) // 2 + 1]`;
  const rows = await stored.ask(
    (engine, lines) =>
      engine.numbers(
        `with before as (select product, day, price::float as price, quantity::float as quantity from ${lines} where day < ${asOfDay}),
           late as (select distinct product from before where day >= ${asOfDay - recent})
         select product, ${median('price')} as price, ${median('quantity')} as quantity
         from before where day >= ${asOfDay - recent} or product not in (from late) group by product`,
        { product: 'int32', price: 'float32', quantity: 'float32' },
      ),
    scratch,
  );
  rows.product.forEach((product, i) => {
    worth.price[product] = rows.price[i]!;
    worth.quantity[product] = rows.quantity[i]!;
  });
  return worth;
}

/** How products sold to all customers by day. */
export function productDays(stored: StoredSales, scratch: string): Promise<ProductDays> {
  // Sums are of decimals: those of floating-point numbers would depend on the order in which threads come to an end.
  return stored.ask(
    (engine, lines) =>
      engine.numbers(
        `with firsts as (
           select product, day, count(*) as buyers from (select customer, product, min(day) as day from ${lines} group by all) group by all
         ), sold as (
           select product, day, count(*) as lines, sum(cast(ln(greatest(0.01, price::float)) as decimal(28, 9))) as log_price from ${lines} group by all
         )
         select day, product, lines, coalesce(buyers, 0) as buyers, cast(log_price as double) as "logPrice"
         from sold left join firsts using (product, day) order by day, product`,
        { day: 'int32', product: 'int32', lines: 'int32', buyers: 'int32', logPrice: 'float64' },
      ),
    scratch,
  );
}
