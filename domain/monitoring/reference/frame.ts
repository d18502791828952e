import { PerennialError } from '../../../contracts/errors.ts';
import { lengthFault } from '../../boosting/faults.ts';

/** A column of numbers, one a row; what is not finite is missing. */
export interface NumericColumn {
  readonly type: 'numeric';
  readonly values: Float32Array | Float64Array | Int32Array;
}

/** A column of categories: the place in `labels` by row, −1 where the value is missing. */
export interface CategoryColumn {
  readonly type: 'category';
  readonly codes: Int32Array;
  readonly labels: readonly string[];
}

/** A column of vectors: row-major [rows × width]; a row whose first number is not finite is missing. */
export interface EmbeddingColumn {
  readonly type: 'embedding';
  readonly values: Float32Array;
  readonly width: number;
}

export type Column = NumericColumn | CategoryColumn | EmbeddingColumn;

/** A table by columns: inputs of a model, its predictions, or both. */
export interface Frame {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Column>>;
  /**
   * Which rows belong together, such as those of an invoice, of a customer's day or of a whole day: a number by row, equal
   * for rows that depend on each other. Without it, every row stands for itself.
   */
  readonly units?: Int32Array;
}

/** A column of categories from its values; null and undefined are missing. Labels are in the order of first appearance. */
export function categories(values: Iterable<string | null | undefined>): CategoryColumn {
  const places = new Map<string, number>();
  const codes: number[] = [];
  for (const value of values) {
    if (value === null || value === undefined) {
      codes.push(-1);
      continue;
    }
    let place = places.get(value);
    if (place === undefined) {
      place = places.size;
      places.set(value, place);
    }
    codes.push(place);
  }
  return { type: 'category', codes: Int32Array.from(codes), labels: [...places.keys()] };
}

/** Units of rows that are alike in all the given keys, numbered from 0 in the order of first appearance. */
export function unitsOf(...keys: readonly ArrayLike<string | number>[]): Int32Array {
  return categories(
    Array.from({ length: keys[0]?.length ?? 0 }, (_, row) => JSON.stringify(keys.map((key) => key[row]))),
  ).codes;
}

/** Rows a column describes. */
export function rowsOf(column: Column): number {
  if (column.type === 'category') return column.codes.length;
  return column.type === 'embedding' ? column.values.length / column.width : column.values.length;
}

/** Whether a column has no value in a row. */
export function isMissing(column: Column, row: number): boolean {
  if (column.type === 'category') return column.codes[row]! < 0;
  return !Number.isFinite(column.values[column.type === 'embedding' ? row * column.width : row]!);
}

/** Rows from one on, to before another, in which a column has no value; default: all. */
export function countMissing(column: Column, from = 0, to = rowsOf(column)): number {
  let missing = 0;
  for (let row = from; row < to; row++) if (isMissing(column, row)) missing++;
  return missing;
}

/** The type of a column in words; vectors of unequal width are of unequal types. */
export function typeText({ type, width }: Pick<Column, 'type'> & { readonly width?: number }): string {
  return type === 'embedding' ? `embedding of ${width}` : type;
}

/** The column of some rows, in their order. */
function takeColumn(column: Column, rows: Int32Array): Column {
  switch (column.type) {
    case 'numeric':
      // Stored as float32; a window must be rounded alike, or equal values would count as different.
      return { type: 'numeric', values: Float32Array.from(rows, (row) => column.values[row]!) };
    case 'category':
      return { ...column, codes: rows.map((row) => column.codes[row]!) };
    case 'embedding': {
      const { width } = column;
      const values = new Float32Array(rows.length * width);
      rows.forEach((row, i) => {
        values.set(column.values.subarray(row * width, (row + 1) * width), i * width);
      });
      return { type: 'embedding', values, width };
    }
  }
}

/** The table of some rows, in their order. */
export function takeRows(frame: Frame, rows: Int32Array): Frame {
  return {
    rows: rows.length,
    columns: Object.fromEntries(
      Object.entries(frame.columns).map(([name, column]) => [name, takeColumn(column, rows)]),
    ),
    ...(frame.units ? { units: rows.map((row) => frame.units![row]!) } : {}),
  };
}

/** @throws PARAMETER_INVALID when a column or the units have another number of rows, DATA_MISSING without rows. */
export function checkFrame(frame: Frame, what: string): void {
  if (frame.rows === 0)
    throw new PerennialError('DATA_MISSING', `${what} has no rows`, {
      fields: [{ field: `${what}.rows`, value: 0, message: 'leaves nothing to compare' }],
      remedy: 'Give at least one row.',
    });
  for (const [name, column] of Object.entries(frame.columns))
    if (rowsOf(column) !== frame.rows) throw lengthFault(`${what}.${name}`, rowsOf(column), frame.rows);
  if (frame.units && frame.units.length !== frame.rows)
    throw lengthFault(`${what}.units`, frame.units.length, frame.rows);
}
