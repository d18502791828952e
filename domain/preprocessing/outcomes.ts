/** The columns of a file of offers with their outcomes: discount in percent of the price, sale and holdout 1 or 0. */
export const outcomeColumns = ['customer_id', 'product_id', 'date', 'discount', 'sale', 'holdout'] as const;

/**
 * Reads raw outcomes (text columns {@link outcomeColumns}) into typed rows: discount as a share of the price, date as
 * YYYY-MM-DD, with the text they came from as `source`, and with `reason`: null for a good row, else every fault in words.
 * An offer that was made twice on a day is good once.
 */
export function typedOutcomesSql(raw: string): string {
  const source = `concat_ws(',', ${outcomeColumns.map((name) => `coalesce(${name}, '')`).join(', ')})`;
  const flag = (name: string): string =>
    `case when trim(coalesce(${name}, '')) in ('0', '1', 'true', 'false') then null else '${name} "' || coalesce(${name}, '') || '" is neither 1 nor 0' end`;
  return `
    with typed as (
      select *, ${source} as source, try_cast(discount as double) as percent, strftime(try_cast(date as date), '%Y-%m-%d') as day
      from ${raw}
    ), numbered as (
      select *, row_number() over (partition by trim(customer_id), upper(trim(product_id)), day order by source) as time from typed
    )
    select nullif(regexp_replace(trim(customer_id), '\\.0+$', ''), '') as customer_id, nullif(upper(trim(product_id)), '') as product_id, day as date,
      percent / 100 as discount, trim(sale) in ('1', 'true') as sale, trim(holdout) in ('1', 'true') as holdout, source,
      nullif(concat_ws('; ',
        case when coalesce(trim(customer_id), '') = '' then 'customer_id is empty' end,
        case when coalesce(trim(product_id), '') = '' then 'product_id is empty' end,
        case when day is null then 'date "' || coalesce(date, '') || '" is not a date' end,
        case when percent is null then 'discount "' || coalesce(discount, '') || '" is not a number'
             when not (percent >= 0 and percent < 100) then 'discount "' || discount || '" is not from 0 to below 100 percent' end,
        ${flag('sale')},
        ${flag('holdout')},
        case when percent > 0 and trim(holdout) in ('1', 'true') then 'discount "' || discount || '" of an offer that was held out' end,
        case when day is not null and time > 1 then 'the same offer of the day stands there before' end), '') as reason
    from numbered`;
}
