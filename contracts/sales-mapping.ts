import { type Static, type TSchema, Type } from 'typebox';
import { SalesFormatSchema } from './sales-format.ts';
import { HttpAccessSchema, oneOf, PostgresAccessSchema } from './source-access.ts';
import { addressWithoutSecret } from './source-location.ts';

const name = (description: string) => Type.String({ minLength: 1, maxLength: 200, description });
const expressionText = (description: string) => Type.String({ minLength: 1, maxLength: 2000, description });
const closed = { additionalProperties: false } as const;

const ways = {
  column: Type.Optional(
    name('A column of the source; `products.brand` is the column `brand` of the joined table `products`.'),
  ),
  columns: Type.Optional(
    Type.Array(name('A column.'), {
      minItems: 1,
      maxItems: 20,
      description: 'Several columns put together; empty ones are left out.',
    }),
  ),
  separator: Type.Optional(Type.String({ maxLength: 20, description: 'Between `columns`; default a space.' })),
  constant: Type.Optional(
    Type.Union([Type.String({ minLength: 1, maxLength: 200 }), Type.Number()], {
      description: 'The same for every row.',
    }),
  ),
  expression: Type.Optional(
    expressionText(
      'One SQL expression (DuckDB) over the columns, which are text; `as_number(c)` and `as_time(c)` read a column by the format.',
    ),
  ),
};

/** Where a value comes from: the name of a column, or an object with exactly one way to make it. */
function field<Extra extends Record<string, TSchema>>(description: string, extra: Extra) {
  const described = Type.Refine(
    Type.Refine(
      Type.Object({ ...ways, ...extra }, closed),
      oneOf(['column', 'columns', 'constant', 'expression']),
      () => 'must have exactly one of column, columns, constant, expression',
    ),
    (value) => !('separator' in value) || 'columns' in value,
    () => 'has a separator, which only goes with columns',
  );
  return Type.Union([name('A column of the source.'), described], { description });
}

const CancelledSchema = Type.Refine(
  Type.Refine(
    Type.Object(
      {
        column: Type.Optional(name('The column that marks a cancellation, by `prefix` or `values`.')),
        prefix: Type.Optional(name('What its text begins with, such as C.')),
        values: Type.Optional(
          Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
            minItems: 1,
            maxItems: 50,
            description: 'The texts that mark it; case does not count.',
          }),
        ),
        negativeQuantity: Type.Optional(Type.Literal(true, { description: 'A quantity below 0 marks it.' })),
        expression: Type.Optional(expressionText('True for a cancellation.')),
      },
      closed,
    ),
    oneOf(['column', 'negativeQuantity', 'expression']),
    () => 'must have exactly one of column, negativeQuantity, expression',
  ),
  (value) => ('column' in value ? oneOf(['prefix', 'values'])(value) : !('prefix' in value || 'values' in value)),
  () => 'must say by which prefix or values the column marks a cancellation',
);

const columns = Type.Object(
  {
    invoice: field('Number of the order or basket.', {}),
    product: field('Code of the product.', {
      upperCase: Type.Optional(
        Type.Boolean({ description: 'Whether codes are told apart in capitals; default false.' }),
      ),
    }),
    description: Type.Optional(field('Text of the product.', {})),
    quantity: field('Pieces sold; below 0 for returns.', {
      fractional: Type.Optional(
        Type.Boolean({ description: 'Whether parts of a piece (kilograms, litres) are good; default false.' }),
      ),
    }),
    sold_at: field('When it was sold.', {}),
    price: field('What was paid.', {
      per: Type.Optional(
        Type.Union([Type.Literal('unit'), Type.Literal('line')], {
          description: 'unit: of one piece (default); line: of the whole line, divided by the quantity.',
        }),
      ),
    }),
    customer: field('Who bought; rows without one count for the popularity of products.', {}),
    market: field('Country, region or chain that is served as one.', {}),
    cancelled: Type.Optional(CancelledSchema),
  },
  { ...closed, description: 'Where each column of the sales comes from.' },
);

const JoinSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][a-z0-9_]{0,30}$', description: 'How columns call it: `products`.' }),
    source: Type.String({
      minLength: 1,
      maxLength: 1000,
      pattern: addressWithoutSecret,
      description: 'A file, beside the source unless its path says otherwise, or an address as of `source`.',
    }),
    on: Type.Record(name('A column of the source.'), name('The column of this table that it equals.'), {
      minProperties: 1,
      maxProperties: 5,
      description: 'Column of the source: column of this table.',
    }),
    duplicates: Type.Optional(
      Type.Union([Type.Literal('refuse'), Type.Literal('first')], {
        description: 'What becomes of keys that come more than once; default refuse.',
      }),
    ),
    format: Type.Optional(SalesFormatSchema),
  },
  closed,
);

/**
 * How the columns of somebody's own sales become ours. It holds no secret: it is kept in the records of runs.
 * The same as JSON Schema: `perennial ingest mapping-schema`.
 */
export const SalesMappingSchema = Type.Object(
  {
    notes: Type.Optional(
      Type.Array(Type.String({ maxLength: 1000 }), { maxItems: 100, description: 'For people; not read by anything.' }),
    ),
    files: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Files of a folder or prefix that are sales, such as sales-*.csv; default: all that can be read.',
      }),
    ),
    format: Type.Optional(SalesFormatSchema),
    columns,
    where: Type.Optional(expressionText('Rows for which this expression is not true are left out.')),
    join: Type.Optional(
      Type.Array(JoinSchema, { minItems: 1, maxItems: 5, description: 'Tables that add columns to each row.' }),
    ),
    productPattern: Type.Optional(
      Type.String({
        format: 'regex',
        maxLength: 200,
        description:
          'Codes that are products, not postage or fees; default: all. The parameter productPattern of a run goes before it.',
      }),
    ),
    postgres: Type.Optional(PostgresAccessSchema),
    http: Type.Optional(HttpAccessSchema),
  },
  { ...closed, description: 'How the columns of the source become ours; default: those of UCI Online Retail.' },
);
export type SalesMapping = Static<typeof SalesMappingSchema>;

/** A column's place, as an object. */
export interface SalesField {
  readonly column?: string;
  readonly columns?: readonly string[];
  readonly separator?: string;
  readonly constant?: string | number;
  readonly expression?: string;
}

/** The mapping of files as UCI Online Retail has them: what holds when none is given. */
export const onlineRetailMapping: SalesMapping = {
  columns: {
    invoice: 'InvoiceNo',
    product: { column: 'StockCode', upperCase: true },
    description: 'Description',
    quantity: 'Quantity',
    sold_at: 'InvoiceDate',
    price: 'UnitPrice',
    customer: 'CustomerID',
    market: 'Country',
    cancelled: { column: 'InvoiceNo', prefix: 'C' },
  },
  productPattern: '^[0-9]{5}',
};
