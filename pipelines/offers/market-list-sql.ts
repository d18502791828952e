import type { MarketListFilter } from '../../domain/ports/market-lists.ts';
import { quote } from '../../domain/preprocessing/sql.ts';

/** Relations, as SQL reads them; `offers` is null when none were chosen. */
export interface MarketListSources {
  readonly listed: string;
  readonly products: string;
  readonly offers: string | null;
}

/**
 * One list out of the customers' lists and the chosen offers of a market: a line for each customer and product. A product
 * that stands in both of a customer's lists is judged by the one of new products; an offer that is made takes the place of
 * its product. Offers that were held out are left out: their products stand as they would without offers.
 */
export function marketListSql({ listed, products, offers }: MarketListSources): string {
  const made = offers
    ? `select customer_id, product_id, probability, expected_revenue, discount, reason from ${offers} where not holdout`
    : `select null::varchar as customer_id, null::varchar as product_id, null::double as probability,
        null::double as expected_revenue, null::double as discount, null::varchar as reason where false`;
  return `
    with listed as (
      select customer_id, product_id, is_new, probability, expected_revenue, reason from ${listed}
      qualify row_number() over (partition by customer_id, product_id order by list = 'new' desc) = 1
    ), made as (${made}), lines as (
      select 'offer' as kind, * from made
      union all by name
      select case when is_new then 'new' else 'next' end as kind, customer_id, product_id, probability, expected_revenue, reason
      from listed anti join made using (customer_id, product_id)
    )
    select cast(row_number() over (order by expected_revenue desc, customer_id, product_id) as integer) as rank,
      kind, customer_id, product_id, coalesce(description, '') as description, probability, expected_revenue, discount, reason
    from lines left join (select product as product_id, description from ${products}) using (product_id)
    order by rank`;
}

/** Lines of a list by rank, of those that a filter lets through. */
export function marketListLinesSql(files: string, { kind, text }: MarketListFilter): string {
  const conditions = [
    ...(kind === undefined ? [] : [`kind = ${quote(kind)}`]),
    ...(text === undefined
      ? []
      : [
          `(${['customer_id', 'product_id', 'description'].map((column) => `contains(lower(${column}), lower(${quote(text)}))`).join(' or ')})`,
        ]),
  ];
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  return `select * from read_parquet(${quote(files)})${where} order by rank`;
}
