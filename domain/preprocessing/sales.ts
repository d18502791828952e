import type { MappedSales, MappedValue } from './sales-mapping.ts';
import { identifier, quote } from './sql.ts';
import { numberSql, textSql, timeSql } from './value-formats.ts';

/** Quantities beyond this are taken for a slip of the hand. */
const mostQuantity = 1_000_000;

/** The parts of a day's quarantine beside the fields of the source. */
const quarantineColumns = ['part', 'market', 'date', 'reason', 'filename', 'line'];

/** The column of raw rows that says which file they came from. */
export const fileColumn = '__file';

/** The columns of the source under names that can stand beside those of the quarantine and of one another. */
export function fieldNames(columns: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    columns.map((name) => [name, quarantineColumns.includes(name.toLowerCase()) ? `${name} of the source` : name]),
  );
}

/**
 * Reads the raw rows of `from` (aliased `sale`, with joined tables beside it) into typed rows, with `reason`: null for a
 * good row, else every fault in words that name the source's column; a bad row keeps the text it came from as `source`.
 * Cancelled rows stay, marked, so that returns can be told apart from sales; a row without a customer is good, it counts
 * for the product's popularity.
 */
export function typedSalesSql(mapped: MappedSales, from: string): string {
  const { format, quantity, sold_at, price } = mapped;
  const names = fieldNames(mapped.columns);
  const fields = mapped.columns.map((name) => `${identifier(names.get(name) ?? name)} := sale.${identifier(name)}`);
  const text = (value: MappedValue | undefined): string =>
    value ? textSql(value.text, format) : 'cast(null as varchar)';
  const number = ({ made, text: sql }: MappedValue): string =>
    made ? `try_cast(${made} as double)` : numberSql(sql, format);
  const time = ({ made, text: sql }: MappedValue): string =>
    made ? `try_cast(${made} as timestamp)` : timeSql(sql, format);
  // Files of numbers give whole numbers decimals.
  const id = (sql: string): string => `regexp_replace(${sql}, '^(-?[0-9]+)\\.0+$', '\\1')`;
  const unitPrice = mapped.perLine
    ? 'case when quantity = 0 and amount = 0 then 0 else amount / quantity end'
    : 'amount';
  const label = (value: MappedValue): string => quote(value.label);
  const shown = (value: MappedValue, sql: string): string => `${label(value)} || ' "' || coalesce(${sql}, '') || '"`;
  const plain = (value: MappedValue, sql: string): string => `${label(value)} || ' ' || ${sql} || '`;
  const empty = (value: MappedValue): string => quote(`${value.label} is empty`);
  const priceFaults = mapped.perLine
    ? `when quantity = 0 and amount <> 0 then ${plain(price, 'amount_text')} is for no pieces: ' || ${label(quantity)} || ' is 0'
       when amount / quantity < 0 then ${plain(price, 'amount_text')} for ' || ${label(quantity)} || ' ' || quantity_text || ' is below 0 a piece'`
    : `when amount < 0 then ${plain(price, 'amount_text')} is below 0'`;
  return `
    with staged as (
      select sale.rowid as row, sale.${fileColumn} as filename, struct_pack(${fields.join(', ')}) as source,
        ${id(text(mapped.invoice))} as invoice,
        ${id(mapped.upperCase ? `upper(${text(mapped.product)})` : text(mapped.product))} as product,
        ${text(mapped.description)} as description,
        ${number(quantity)} as quantity, ${quantity.text} as quantity_text,
        ${time(sold_at)} as sold_at, ${sold_at.text} as sold_at_text,
        ${number(price)} as amount, ${price.text} as amount_text,
        ${id(text(mapped.customer))} as customer,
        ${text(mapped.market)} as market,
        ${mapped.cancelled} as marked
      from ${from}
      ${mapped.where ? `where coalesce(cast(${mapped.where} as boolean), false)` : ''}
    ), judged as (
      select *,
        nullif(concat_ws('; ',
          case when invoice is null then ${empty(mapped.invoice)} end,
          case when product is null then ${empty(mapped.product)} end,
          case when quantity is null then ${shown(quantity, 'quantity_text')} is not a number'
               ${mapped.fractional ? '' : `when quantity <> floor(quantity) then ${plain(quantity, 'quantity_text')} is not whole'`}
               when not abs(quantity) <= ${mostQuantity} then ${plain(quantity, 'quantity_text')} is out of range' end,
          case when sold_at is null then ${shown(sold_at, 'sold_at_text')} is not a date and time'
               when sold_at < timestamp '1990-01-01' or sold_at > timestamp '2100-01-01' then ${plain(sold_at, 'sold_at_text')} is out of range' end,
          case when amount is null then ${shown(price, 'amount_text')} is not a number'
               when not isfinite(amount) then ${plain(price, 'amount_text')} is not an amount'
               ${priceFaults} end,
          case when market is null then ${empty(mapped.market)} end), '') as reason
      from staged
    )
    select row, filename, case when reason is not null then source end as source, invoice, product, description, quantity, sold_at,
      ${unitPrice} as price, customer, market,
      ${mapped.negativeQuantityCancels ? 'coalesce(quantity < 0, false)' : 'marked'} as cancelled,
      ${mapped.productPattern === undefined ? 'true' : `coalesce(regexp_matches(product, ${quote(mapped.productPattern)}), false)`} as is_product,
      reason
    from judged`;
}

/**
 * What models learn from, out of sales as they lie in the lake: sold to a known customer at a price, not cancelled, and a
 * product: postage, fees and samples are none, as the mapping said when they came in.
 *
 * @param before YYYY-MM-DD; only sales before that day, 00:00, are used.
 * @param productPattern codes that are products; empty: as it was marked.
 */
export function cleanSalesSql(sales: string, before: string, productPattern: string): string {
  return `
    select customer, product, cast(sold_at as date) as date, quantity, price, invoice, market, description
    from ${sales}
    where customer is not null and quantity > 0 and price > 0 and not cancelled
      and ${productPattern === '' ? 'is_product' : `regexp_matches(product, ${quote(productPattern)})`}
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

/**
 * Customer–product interactions: orders, units, spend, first and last day, and cadence (mean days between orders). Sums
 * are of decimals: those of floating-point numbers would depend on the order in which threads come to an end. Counted by
 * day first: distinct days of each pair would be a set for each.
 */
export function interactionsSql(clean: string): string {
  return `
    select customer, product, count(*) as orders, cast(sum(units) as double) as units, cast(sum(spend) as double) as spend,
      min(date) as first_date, max(date) as last_date,
      case when count(*) > 1 then (max(date) - min(date)) / (count(*) - 1.0) end as cadence_days
    from (
      select customer, product, date, ${exactSum('quantity')} as units, ${exactSum('quantity * price')} as spend
      from ${clean} group by customer, product, date)
    group by customer, product`;
}

function exactSum(value: string): string {
  return `sum(cast(${value} as decimal(28, 6)))`;
}
