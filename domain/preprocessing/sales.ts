import { quote } from './sql.ts';

/** The columns a sales file has; names as in the UCI Online Retail data set. */
export const salesColumns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;

/** Quantities beyond this are taken for a slip of the hand. */
const mostQuantity = 1_000_000;

/**
 * Reads a raw table of text columns ({@link salesColumns} and `filename`) into typed rows, with the text they came from
 * as `source`, and with `reason`: null for a good
 * row, else every fault in words. Cancelled invoices (number begins with C) stay, marked, so that returns can be told
 * apart from sales; a row without a customer is good, it counts for the product's popularity.
 */
export function typedSalesSql(raw: string): string {
  const source = `struct_pack(${salesColumns.map((name) => `${name} := ${name}`).join(', ')})`;
  return `
    with typed as (
      select filename, ${source} as source,
        nullif(trim(InvoiceNo), '') as invoice,
        nullif(upper(trim(StockCode)), '') as product,
        nullif(trim(Description), '') as description,
        try_cast(Quantity as double) as quantity,
        try_cast(InvoiceDate as timestamp) as sold_at,
        try_cast(UnitPrice as double) as price,
        nullif(regexp_replace(trim(CustomerID), '\\.0+$', ''), '') as customer,
        nullif(trim(Country), '') as market
      from ${raw}
    )
    select *,
      coalesce(starts_with(invoice, 'C'), false) as cancelled,
      nullif(concat_ws('; ',
        case when invoice is null then 'InvoiceNo is empty' end,
        case when product is null then 'StockCode is empty' end,
        case when quantity is null then 'Quantity "' || coalesce(source.Quantity, '') || '" is not a number'
             when quantity <> floor(quantity) then 'Quantity ' || source.Quantity || ' is not whole'
             when abs(quantity) > ${mostQuantity} then 'Quantity ' || source.Quantity || ' is out of range' end,
        case when sold_at is null then 'InvoiceDate "' || coalesce(source.InvoiceDate, '') || '" is not a date and time'
             when sold_at < timestamp '1990-01-01' or sold_at > timestamp '2100-01-01' then 'InvoiceDate ' || source.InvoiceDate || ' is out of range' end,
        case when price is null then 'UnitPrice "' || coalesce(source.UnitPrice, '') || '" is not a number'
             when not isfinite(price) then 'UnitPrice ' || source.UnitPrice || ' is not an amount'
             when price < 0 then 'UnitPrice ' || source.UnitPrice || ' is below 0' end,
        case when market is null then 'Country is empty' end), '') as reason
    from typed`;
}

/**
 * What models learn from, out of sales as they lie in the lake: sold to a known customer at a price, not cancelled, and a
 * product (postage, fees and samples have codes that do not match `productPattern`).
 *
 * @param before YYYY-MM-DD; only sales before that day, 00:00, are used.
 */
export function cleanSalesSql(sales: string, before: string, productPattern: string): string {
  return `
    select customer, product, cast(sold_at as date) as date, quantity, price, invoice, market, description
    from ${sales}
    where customer is not null and quantity > 0 and price > 0 and not cancelled
      and regexp_matches(product, ${quote(productPattern)})
      and sold_at < timestamp '${before} 00:00:00'`;
}

/** A product's text: its commonest description, the longest of equals. */
export function productTextsSql(clean: string): string {
  return `
    select product, coalesce(max_by(description, (n, length(description), description)), '') as description
    from (select product, description, count(*) as n from ${clean} group by product, description)
    group by product`;
}

/** A customer's market: where most of its lines are. */
export function customersSql(clean: string): string {
  return `
    select customer, max_by(market, (n, market)) as market
    from (select customer, market, count(*) as n from ${clean} group by customer, market)
    group by customer`;
}

/** Customer–product interactions: orders, units, spend, first and last day, and cadence (mean days between orders). */
export function interactionsSql(clean: string): string {
  return `
    select customer, product, count(distinct date) as orders, sum(quantity) as units, sum(quantity * price) as spend,
      min(date) as first_date, max(date) as last_date,
      case when count(distinct date) > 1 then (max(date) - min(date)) / (count(distinct date) - 1.0) end as cadence_days
    from ${clean} group by customer, product`;
}
