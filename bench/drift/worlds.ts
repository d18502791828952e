import { join } from 'node:path';
import { type Column, categories, type Frame, unitsOf } from '../../domain/monitoring/reference/index.ts';
import { hashedVector } from '../../domain/nlp/hashed-vector.ts';
import { Random } from '../../domain/nlp/random.ts';
import type { SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';

/** A table whose rows all come from one place: any part of it is without change against another. */
export interface World {
  readonly name: string;
  readonly frame: Frame;
  /** Columns that shifts are planted in. */
  readonly number: string;
  /** Whether that number is shifted in its logarithm. */
  readonly skewed: boolean;
  readonly category: string;
  readonly missing: string;
  readonly embedding: string;
  readonly prediction: string;
}

const dimensions = 16;

/**
 * Rows that depend on nothing but themselves: correlated and skewed numbers, counts, missing values, categories of unequal
 * frequency, a prediction between 0 and 1, and vectors around a few centres.
 */
export function generatedWorld(rows: number, seed: number): World {
  const random = new Random(seed);
  const fill = (of: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => of(row));
  const size = fill(() => random.normal());
  const numeric = (values: Float64Array): Column => ({ type: 'numeric', values });
  /** Category k of n with a chance in proportion to 1 / (k + 1). */
  const zipf = (n: number) => {
    const weights = Array.from({ length: n }, (_, k) => 1 / (k + 1));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let left = random.next() * total;
    for (let k = 0; k < n; k++) {
      left -= weights[k]!;
      if (left < 0) return k;
    }
    return 0;
  };
  const labelled = (prefix: string, n: number, missing = 0) =>
    categories(Array.from({ length: rows }, () => (random.next() < missing ? null : `${prefix}${zipf(n)}`)));
  const topic = fill(() => random.below(5));
  const centres = Float64Array.from({ length: 5 * dimensions }, () => random.normal());
  return {
    name: 'generated',
    number: 'age',
    skewed: false,
    category: 'channel',
    missing: 'income',
    embedding: 'text',
    prediction: 'prediction',
    frame: {
      rows,
      columns: {
        age: numeric(fill(() => 45 + 12 * random.normal())),
        amount: numeric(fill((row) => Math.exp(3 + 0.6 * size[row]! + 0.8 * random.normal()))),
        visits: numeric(fill((row) => Math.floor(Math.exp(0.5 * size[row]! + 0.5 * random.normal())))),
        price: numeric(fill(() => Math.round(100 * Math.exp(1 + 0.7 * random.normal())) / 100)),
        income: numeric(fill((row) => (random.next() < 0.05 ? Number.NaN : 30 + 8 * size[row]! + 6 * random.normal()))),
        country: labelled('country', 20),
        channel: labelled('channel', 4),
        segment: labelled('segment', 6, 0.03),
        text: {
          type: 'embedding',
          width: dimensions,
          values: Float32Array.from(
            { length: rows * dimensions },
            (_, i) => centres[topic[Math.floor(i / dimensions)]! * dimensions + (i % dimensions)]! + random.normal(),
          ),
        },
        prediction: numeric(fill((row) => 1 / (1 + Math.exp(2 - 0.7 * size[row]! - 0.7 * random.normal())))),
      },
    },
  };
}

/**
 * Lines of the invoices of UCI Online Retail: lines of an invoice have time, customer and country in common, and much of the
 * rest. The prediction stands for a model's: a fixed function of the line, since no label is needed here.
 */
export async function retailWorld(sql: SqlEngineFactory, source: string): Promise<World> {
  const engine = await sql.open();
  try {
    const found = await engine.columns(`
      select InvoiceNo as invoice, coalesce(Description, '') as description, upper(left(StockCode, 2)) as family, Country as country,
        try_cast(Quantity as double) as quantity, try_cast(UnitPrice as double) as price,
        hour(cast(InvoiceDate as timestamp)) as hour, coalesce(try_cast(CustomerID as double), 'nan'::double) as customer
      from read_csv(${quote(join(source, '*.csv.gz'))}, header = true, all_varchar = true, quote = '"', escape = '"')
      where hash(InvoiceNo) % 2 = 0 order by InvoiceNo, StockCode, Quantity`);
    const texts = (name: string) => (found[name] as (string | null)[]).map(String);
    const numbers = (name: string) => Float64Array.from(found[name] as number[], (value) => value ?? Number.NaN);
    const [invoice, description] = [texts('invoice'), texts('description')];
    const [quantity, price] = [numbers('quantity'), numbers('price')];
    const vectors = new Map<string, Float32Array>();
    const values = new Float32Array(invoice.length * dimensions);
    description.forEach((text, row) => {
      const vector = vectors.get(text) ?? hashedVector(text, dimensions);
      vectors.set(text, vector);
      values.set(vector, row * dimensions);
    });
    const numeric = (own: Float64Array): Column => ({ type: 'numeric', values: own });
    return {
      name: 'retail',
      number: 'price',
      skewed: true,
      category: 'family',
      missing: 'price',
      embedding: 'description',
      prediction: 'prediction',
      frame: {
        rows: invoice.length,
        units: unitsOf(invoice),
        columns: {
          quantity: numeric(quantity),
          price: numeric(price),
          hour: numeric(numbers('hour')),
          customer: numeric(numbers('customer')),
          country: categories(texts('country')),
          family: categories(texts('family')),
          description: { type: 'embedding', values, width: dimensions },
          prediction: numeric(
            price.map((own, row) => {
              const size = Math.log1p(Math.max(0, quantity[row]!));
              return (
                1 / (1 + Math.exp(0.8 * Math.log1p(Math.max(0, own)) - 0.5 * size + (values[row * dimensions] ?? 0)))
              );
            }),
          ),
        },
      },
    };
  } finally {
    await engine.close();
  }
}
