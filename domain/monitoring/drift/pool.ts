import {
  type Column,
  categories,
  type Frame,
  groupUnits,
  type ReferenceProfile,
  typeText,
  withKnown,
} from '../reference/index.ts';

/** The rows of the reference's sample, and after them those of the window, under the names of the profile. */
export interface Pool {
  readonly rows: number;
  /** Rows of the reference come first. */
  readonly referenceRows: number;
  readonly columns: Readonly<Record<string, Column>>;
  /** Rows of each unit, whose units are those of the reference first. */
  readonly units: { readonly start: Int32Array; readonly members: Int32Array };
  readonly referenceUnits: number;
  /** Columns of the profile that the window lacks or has with another type, and why. */
  readonly notCompared: readonly { readonly column: string; readonly reason: string }[];
}

/** Puts a window beside the reference. A unit of the window is never the same as one of the reference, whatever its number. */
export function poolWith({ sample, columns: summaries }: ReferenceProfile, window: Frame): Pool {
  const columns: Record<string, Column> = {};
  const notCompared: { column: string; reason: string }[] = [];
  for (const [name, own] of Object.entries(sample.columns)) {
    const theirs = window.columns[name];
    const joined = theirs && joinColumns(own, withKnown(theirs, summaries[name]!));
    if (joined) columns[name] = joined;
    else
      notCompared.push({
        column: name,
        reason: theirs ? `is ${typeText(theirs)}, in the reference ${typeText(own)}` : 'is not in the window',
      });
  }
  const [before, after] = [groupUnits(sample), groupUnits(window)];
  const shift = before.members.length;
  return {
    rows: sample.rows + window.rows,
    referenceRows: sample.rows,
    columns,
    referenceUnits: before.start.length - 1,
    units: {
      start: Int32Array.from([...before.start, ...after.start.subarray(1).map((at) => at + shift)]),
      members: Int32Array.from([...before.members, ...after.members.map((row) => row + sample.rows)]),
    },
    notCompared,
  };
}

function joinColumns(a: Column, b: Column): Column | undefined {
  if (a.type === 'category' && b.type === 'category') {
    const labelled = ({ codes, labels }: typeof a) => Array.from(codes, (code) => (code < 0 ? null : labels[code]!));
    return categories([...labelled(a), ...labelled(b)]);
  }
  if (a.type === 'numeric' && b.type === 'numeric') return { type: 'numeric', values: joined(a.values, b.values) };
  if (a.type === 'embedding' && b.type === 'embedding' && a.width === b.width)
    return { type: 'embedding', values: joined(a.values, b.values), width: a.width };
  return undefined;
}

/** As float32, as profiles are stored: a window rounded otherwise would hold other values than its equals. */
function joined(a: ArrayLike<number>, b: ArrayLike<number>): Float32Array {
  const out = new Float32Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
