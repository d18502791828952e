import type { JsonObject } from '../../../contracts/json.ts';
import { packBytes, unpackBytes } from '../../nlp/pack.ts';
import type { Column } from './frame.ts';
import type { ReferenceProfile } from './profile.ts';

const kind = 'reference-profile';
const version = 1;

/** The profile as bytes, to be kept with a model. */
export function encodeProfile({ rows, columns, sample }: ReferenceProfile): Uint8Array {
  const arrays: Record<string, Float32Array> = {};
  const labels: Record<string, readonly string[]> = {};
  for (const [name, column] of Object.entries(sample.columns)) {
    if (column.type === 'category') {
      arrays[`column.${name}`] = Float32Array.from(column.codes);
      labels[name] = column.labels;
    } else arrays[`column.${name}`] = Float32Array.from(column.values);
  }
  if (sample.units) arrays['units'] = Float32Array.from(ordinals(sample.units));
  const meta = { rows, columns, sampleRows: sample.rows, labels } as unknown as JsonObject;
  return packBytes({ kind, version, meta, arrays });
}

/** Reads {@link encodeProfile}; MODEL_FORMAT when the bytes are something else. */
export function decodeProfile(bytes: Uint8Array): ReferenceProfile {
  const { meta, arrays } = unpackBytes(bytes, kind, version);
  const { rows, columns, sampleRows, labels } = meta as unknown as Pick<ReferenceProfile, 'rows' | 'columns'> & {
    sampleRows: number;
    labels: Record<string, string[]>;
  };
  const sampled = Object.entries(columns).map(([name, summary]): [string, Column] => {
    const values = arrays[`column.${name}`]!;
    if (summary.type === 'category')
      return [name, { type: 'category', codes: Int32Array.from(values), labels: labels[name]! }];
    return [
      name,
      summary.type === 'embedding' ? { type: 'embedding', values, width: summary.width } : { type: 'numeric', values },
    ];
  });
  const { units } = arrays;
  return {
    rows,
    columns,
    sample: {
      rows: sampleRows,
      columns: Object.fromEntries(sampled),
      ...(units ? { units: Int32Array.from(units) } : {}),
    },
  };
}

/** Units by the order of first appearance: float32 holds whole numbers exactly below 2^24 only. */
function ordinals(units: Int32Array): Int32Array {
  const places = new Map<number, number>();
  return units.map((unit) => {
    const place = places.get(unit) ?? places.size;
    places.set(unit, place);
    return place;
  });
}
