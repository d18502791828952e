import { type FieldFault, PerennialError } from '../../contracts/errors.ts';
import type { SalesFormat } from '../../contracts/sales-format.ts';
import type { SalesField, SalesMapping } from '../../contracts/sales-mapping.ts';
import type { SqlEngine } from '../ports/sql-engine.ts';
import { checkExpression } from './expressions.ts';
import { identifier, quote } from './sql.ts';
import { numberSql, textSql, timeSql } from './value-formats.ts';

/** How a value of ours is made: SQL over the source, and how people call it. */
export interface MappedValue {
  /** SQL of the text as it came. */
  readonly text: string;
  /** SQL of the value, where an expression made it and it need not be read out of a text. */
  readonly made: string | undefined;
  /** The user's name of it: a column, or what it is made of. */
  readonly label: string;
}

export interface MappedSales {
  readonly invoice: MappedValue;
  readonly product: MappedValue;
  readonly description: MappedValue | undefined;
  readonly quantity: MappedValue;
  readonly sold_at: MappedValue;
  readonly price: MappedValue;
  readonly customer: MappedValue;
  readonly market: MappedValue;
  /** SQL, true for a cancellation. */
  readonly cancelled: string;
  readonly negativeQuantityCancels: boolean;
  /** SQL of the rows that are wanted. */
  readonly where: string | undefined;
  readonly format: SalesFormat;
  readonly upperCase: boolean;
  readonly fractional: boolean;
  readonly perLine: boolean;
  readonly productPattern: string | undefined;
  /** Columns that the source needs, in the order in which the mapping names them. */
  readonly columns: readonly string[];
  readonly joins: readonly MappedJoin[];
  /** Expressions by their field, to be tried on the source's columns before any row. */
  readonly expressions: readonly { readonly field: string; readonly sql: string; readonly text: string }[];
}

export interface MappedJoin {
  readonly name: string;
  readonly source: string;
  readonly format: SalesFormat;
  /** Columns of the source and of the joined table that must be equal. */
  readonly on: readonly { readonly left: string; readonly right: string }[];
  /** Columns that the mapping reads of it. */
  readonly columns: readonly string[];
  readonly firstOfDuplicates: boolean;
}

/**
 * Turns a mapping into SQL. `sale` is the name of a row's source, and each joined table is a column of that name.
 *
 * @throws PARAMETER_INVALID naming the field of the mapping that does not hold.
 */
export async function compileMapping(engine: SqlEngine, mapping: SalesMapping): Promise<MappedSales> {
  const format = mapping.format ?? {};
  const joins = mapping.join ?? [];
  const columns: string[] = [];
  const joined = new Map(joins.map((join) => [join.name, [] as string[]]));
  const expressions: { field: string; sql: string; text: string }[] = [];
  if (joined.size < joins.length) refuse('mapping.join', undefined, 'has two tables of one name');

  const use = (field: string, name: string): string => {
    const [, table = '', column = ''] = /^([a-z][a-z0-9_]*)\.(.+)$/.exec(name) ?? [];
    const of = joined.get(table) ?? columns;
    const wanted = of === columns ? name : column;
    const alike = of.find((other) => other.toLowerCase() === wanted.toLowerCase());
    if (alike !== undefined && alike !== wanted)
      refuse(field, name, `is also written ${alike}: write a column always the same way`);
    if (alike === undefined) of.push(wanted);
    return of === columns ? `sale.${identifier(wanted)}` : `${identifier(table)}.${identifier(wanted)}`;
  };
  const express = async (field: string, text: string): Promise<string> => {
    const checked = await checkExpression(engine, field, text);
    for (const name of checked.columns) {
      const table = /^([^.]+)\./.exec(name)?.[1];
      if (table !== undefined && !joined.has(table)) {
        refuse(
          field,
          text,
          `reads ${name}, but no joined table is called ${table}; put a column with a point in double quotes`,
        );
      }
      use(field, name);
    }
    expressions.push({ field, sql: checked.sql, text });
    return checked.sql;
  };
  const value = async (name: string, given: string | SalesField): Promise<MappedValue> => {
    const field = `mapping.columns.${name}`;
    const spec: SalesField = typeof given === 'string' ? { column: given } : given;
    if (spec.column !== undefined) return { text: use(field, spec.column), made: undefined, label: spec.column };
    if (spec.columns) {
      const parts = spec.columns.map((column) => textSql(use(field, column), format));
      const text = `nullif(concat_ws(${quote(spec.separator ?? ' ')}, ${parts.join(', ')}), '')`;
      return { text, made: undefined, label: spec.columns.join(' + ') };
    }
    if (spec.constant !== undefined) {
      const text = quote(String(spec.constant));
      return { text, made: text, label: `the constant of ${name}` };
    }
    const text = spec.expression ?? '';
    // A row for which it cannot be computed is a bad row, not the end of the whole.
    const sql = `try(${await express(`${field}.expression`, text)})`;
    return {
      text: `cast(${sql} as varchar)`,
      made: sql,
      label: `${name} (${text.length > 60 ? `${text.slice(0, 59)}…` : text})`,
    };
  };

  const { columns: given } = mapping;
  const mapped = {
    invoice: await value('invoice', given.invoice),
    product: await value('product', given.product),
    description: given.description === undefined ? undefined : await value('description', given.description),
    quantity: await value('quantity', given.quantity),
    sold_at: await value('sold_at', given.sold_at),
    price: await value('price', given.price),
    customer: await value('customer', given.customer),
    market: await value('market', given.market),
  };
  refuseConstants(given);
  const { cancelled } = given;
  let cancelledSql = 'false';
  if (cancelled?.expression !== undefined) {
    const sql = await express('mapping.columns.cancelled.expression', cancelled.expression);
    cancelledSql = `coalesce(cast(${sql} as boolean), false)`;
  } else if (cancelled?.column !== undefined) {
    const text = textSql(use('mapping.columns.cancelled', cancelled.column), format);
    cancelledSql =
      cancelled.prefix !== undefined
        ? `coalesce(starts_with(${text}, ${quote(cancelled.prefix)}), false)`
        : `coalesce(lower(${text}) in (${(cancelled.values ?? []).map((v) => quote(v.trim().toLowerCase())).join(', ')}), false)`;
  }
  const where = mapping.where === undefined ? undefined : await express('mapping.where', mapping.where);
  const mappedJoins = joins.map((join, i) => ({
    name: join.name,
    source: join.source,
    format: join.format ?? format,
    on: Object.entries(join.on).map(([left, right]) => {
      use(`mapping.join.${i}.on`, left);
      return { left, right };
    }),
    columns: joined.get(join.name) ?? [],
    firstOfDuplicates: join.duplicates === 'first',
  }));
  for (const join of joins) {
    if (columns.some((column) => column.toLowerCase() === join.name))
      refuse('mapping.join', join.name, 'is also a column of the source: call the joined table otherwise');
  }
  const option = (field: string | object, name: string): unknown =>
    typeof field === 'object' ? (field as Record<string, unknown>)[name] : undefined;
  return {
    ...mapped,
    cancelled: cancelledSql,
    negativeQuantityCancels: cancelled?.negativeQuantity === true,
    where,
    format,
    upperCase: option(given.product, 'upperCase') === true,
    fractional: option(given.quantity, 'fractional') === true,
    perLine: option(given.price, 'per') === 'line',
    productPattern: mapping.productPattern,
    columns,
    joins: mappedJoins,
    expressions,
  };
}

/** Functions that expressions may call to read a text as the format says. */
export function formatFunctionsSql(format: SalesFormat): string {
  return `
    create or replace temp macro as_number(t) as ${numberSql('cast(t as varchar)', format)};
    create or replace temp macro as_time(t) as ${timeSql('cast(t as varchar)', format)};`;
}

/** A constant that no row could have would send all rows into the quarantine. */
function refuseConstants(columns: SalesMapping['columns']): void {
  for (const name of ['quantity', 'price'] as const) {
    const given = columns[name];
    const constant = typeof given === 'object' ? given.constant : undefined;
    if (constant !== undefined && !Number.isFinite(Number(constant)))
      refuse(`mapping.columns.${name}.constant`, constant, 'must be a number');
  }
}

function refuse(field: string, value: unknown, message: string): never {
  const fault: FieldFault = { field, ...(value === undefined ? {} : { value }), message };
  const shown = value === undefined ? '' : ` = ${JSON.stringify(value).slice(0, 200)}`;
  throw new PerennialError('PARAMETER_INVALID', `${field}${shown} ${message}.`, {
    fields: [fault],
    remedy: 'Correct this field of the mapping; docs/how-to/ingest-sales.md shows how.',
  });
}
