import { Random } from '../../nlp/random.ts';
import { type Column, categories, checkFrame, type Frame, takeRows } from './frame.ts';
import { type ColumnSummary, summarise } from './summary.ts';

/**
 * What the training data were like: a summary of each column over all rows, and a sample of whole rows, so that columns
 * keep what they have to do with each other. Kept with the model; see `encodeProfile`.
 */
export interface ReferenceProfile {
  /** Rows of the training data. */
  readonly rows: number;
  readonly columns: Readonly<Record<string, ColumnSummary>>;
  readonly sample: Frame;
}

export interface ProfileOptions {
  /** Rows kept, by whole units, so that there may be some more or fewer; default 5,000. */
  readonly sampleRows?: number;
  /** Categories kept of a column, most frequent first; the others count as one. Default 1,000. */
  readonly categories?: number;
  /** Of the sample; default 1. */
  readonly seed?: number;
}

/** Label of what is none of the categories kept; no value of a column can be equal to it. */
export const otherLabel = '\u0000other';

/**
 * Makes the profile of training data. Units are sampled whole (see {@link Frame.units}).
 *
 * @throws PARAMETER_INVALID when columns have different lengths, DATA_MISSING without rows.
 */
export function profileOf(frame: Frame, options: ProfileOptions = {}): ReferenceProfile {
  checkFrame(frame, 'reference');
  const most = options.categories ?? 1000;
  const columns = Object.fromEntries(
    Object.entries(frame.columns).map(([name, column]) => [name, summarise(column, most)]),
  );
  const sample = sampleUnits(frame, options.sampleRows ?? 5000, new Random(options.seed ?? 1));
  return {
    rows: frame.rows,
    columns,
    sample: {
      ...sample,
      columns: Object.fromEntries(
        Object.entries(sample.columns).map(([name, column]) => [name, withKnown(column, columns[name]!)]),
      ),
    },
  };
}

/**
 * About `rows` rows of a table, drawn by whole units; the table itself when it has no more. How many units are drawn does not
 * depend on which: stopping at a number of rows would favour large ones, and samples could not be exchanged.
 */
export function sampleUnits(frame: Frame, rows: number, random: Random): Frame {
  if (frame.rows <= rows)
    return takeRows(
      frame,
      Int32Array.from({ length: frame.rows }, (_, row) => row),
    );
  const { start, members } = groupUnits(frame);
  const order = Int32Array.from({ length: start.length - 1 }, (_, unit) => unit);
  random.shuffle(order);
  const wanted = Math.max(1, Math.round((order.length * rows) / frame.rows));
  const taken = Array.from(order.subarray(0, wanted), (unit) => [...members.subarray(start[unit]!, start[unit + 1]!)]);
  return takeRows(frame, Int32Array.from(taken.flat()).sort());
}

/** Units that a table has. */
export function countUnits(frame: Pick<Frame, 'rows' | 'units'>): number {
  return frame.units ? new Set(frame.units).size : frame.rows;
}

/** The rows of each unit: unit u, in the order of first appearance, has `members[start[u] … start[u + 1]]`. */
export function groupUnits({ rows, units }: Pick<Frame, 'rows' | 'units'>): { start: Int32Array; members: Int32Array } {
  const places = new Map<number, number>();
  const unitOf = Int32Array.from({ length: rows }, (_, row) => {
    const key = units ? units[row]! : row;
    const place = places.get(key) ?? places.size;
    places.set(key, place);
    return place;
  });
  const start = new Int32Array(places.size + 1);
  for (const unit of unitOf) start[unit + 1]!++;
  for (let unit = 0; unit < places.size; unit++) start[unit + 1]! += start[unit]!;
  const next = start.slice();
  const members = new Int32Array(rows);
  unitOf.forEach((unit, row) => {
    members[next[unit]!++] = row;
  });
  return { start, members };
}

/**
 * A column whose categories are coded as the profile knows them: those that the profile does not list count as one when it
 * lists only the most frequent; else they stay what they are. A function of the value alone, so that sample and window are
 * treated alike.
 */
export function withKnown(column: Column, summary: ColumnSummary): Column {
  if (column.type !== 'category' || summary.type !== 'category') return column;
  const known = summary.counts.map(([label]) => label);
  const whole = known.length === summary.distinct;
  const listed = new Set(known);
  const name = (code: number) => {
    if (code < 0) return null;
    const label = column.labels[code]!;
    return whole || listed.has(label) ? label : otherLabel;
  };
  return categories(Array.from(column.codes, name));
}
