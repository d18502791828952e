import { type Column, categories, type Frame, unitsOf } from '../../../domain/monitoring/reference/index.ts';
import { hashedVector } from '../../../domain/nlp/hashed-vector.ts';
import type { PartitionInfo } from '../../../domain/ports/lake.ts';
import type { SqlEngine } from '../../../domain/ports/sql-engine.ts';
import { quoteList } from '../../../domain/preprocessing/sql.ts';

/** Numbers of a description's vector. */
const width = 16;

/**
 * Lines of sales as they came in, as a table that windows are compared by: quantity, price, market, product, whether the customer
 * is known, whether it was cancelled, and the description as a vector.
 *
 * @param partitions of one day or more; null when they hold no line.
 * @param rowsPerDay lines of a day at most, drawn by a hash of what they are, so that the same ones are drawn again.
 * @param unit what depends on each other: `day` makes days the units that are compared, so that a day's mood is no drift;
 *   `invoice` the invoices.
 */
export async function salesFrame(
  engine: SqlEngine,
  partitions: readonly PartitionInfo[],
  { rowsPerDay, unit }: { readonly rowsPerDay: number; readonly unit: 'day' | 'invoice' },
): Promise<Frame | null> {
  if (partitions.length === 0) return null;
  const files = quoteList(partitions.map(({ uri }) => uri));
  const found = await engine.columns(`
    with numbered as (
      select cast(sold_at as date) as day, invoice, product, description, quantity, price, market,
        customer is not null as known, cancelled,
        row_number() over (partition by cast(sold_at as date)
          order by md5(concat_ws('/', invoice, product, quantity, price)), invoice, product, quantity, price) as place
      from read_parquet(${files}, union_by_name = true))
    select cast(day as varchar) as day, invoice, product, description, quantity, price, market, known, cancelled
    from numbered where place <= ${rowsPerDay} order by day, place`);
  const texts = (name: string): (string | null)[] =>
    (found[name] ?? []).map((value) => (value === null ? null : String(value)));
  const numeric = (name: string): Column => ({
    type: 'numeric',
    values: Float64Array.from(found[name] ?? [], (value) => (value === null ? Number.NaN : Number(value))),
  });
  const [days, invoices] = [texts('day').map(String), texts('invoice').map(String)];
  if (days.length === 0) return null;
  return {
    rows: days.length,
    units: unit === 'day' ? unitsOf(days) : unitsOf(days, invoices),
    columns: {
      quantity: numeric('quantity'),
      price: numeric('price'),
      market: categories(texts('market')),
      product: categories(texts('product')),
      // Who it is changes with every customer who comes; that it is known is what the models need.
      customer: categories((found['known'] ?? []).map((known) => (known === true ? 'known' : null))),
      cancelled: categories((found['cancelled'] ?? []).map((is) => (is === true ? 'yes' : 'no'))),
      description: vectors(texts('description')),
    },
  };
}

/** A description that is not there is a missing vector. */
function vectors(texts: readonly (string | null)[]): Column {
  const known = new Map<string | null, Float32Array>([[null, new Float32Array(width).fill(Number.NaN)]]);
  const values = new Float32Array(texts.length * width);
  texts.forEach((text, row) => {
    const vector = known.get(text) ?? hashedVector(text ?? '', width);
    known.set(text, vector);
    values.set(vector, row * width);
  });
  return { type: 'embedding', values, width };
}
