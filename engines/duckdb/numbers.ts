import type { DuckDBConnection } from '@duckdb/node-api';
import type { NumberColumns, NumberKind } from '../../domain/ports/sql-engine.ts';

type Numbers = Int32Array | Float32Array | Float64Array;

const arrays = { int32: Int32Array, float32: Float32Array, float64: Float64Array } as const;

/** Rows that columns have room for at first. */
const few = 1 << 16;

/** Reads columns chunk by chunk into arrays that grow: the result as a whole is never there as objects. */
export async function readNumbers<const Kinds extends Readonly<Record<string, NumberKind>>>(
  connection: DuckDBConnection,
  sql: string,
  kinds: Kinds,
): Promise<NumberColumns<Kinds>> {
  const result = await connection.stream(sql);
  const names = result.deduplicatedColumnNames();
  const columns = Object.entries(kinds).map(([name, kind]) => {
    const index = names.indexOf(name);
    if (index < 0) throw new Error(`The query has no column "${name}"; it has ${names.join(', ')}`);
    return { name, index, values: new arrays[kind](few) as Numbers };
  });
  let rows = 0;
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const column of columns) {
      if (rows + chunk.rowCount > column.values.length) column.values = grown(column.values);
      const { values, name } = column;
      const vector = chunk.getColumnVector(column.index);
      for (let i = 0; i < chunk.rowCount; i++) {
        const value = vector.getItem(i);
        if (value === null || value === undefined) throw new Error(`Row ${rows + i} of the query has no "${name}"`);
        values[rows + i] = Number(value);
      }
    }
    rows += chunk.rowCount;
  }
  return Object.fromEntries(columns.map(({ name, values }) => [name, fitted(values, rows)])) as NumberColumns<Kinds>;
}

function grown(values: Numbers): Numbers {
  const room = new (values.constructor as typeof Float64Array)(2 * values.length);
  room.set(values);
  return room;
}

/** Room for a third more than needed is given back. */
function fitted(values: Numbers, rows: number): Numbers {
  return values.length > rows * 1.33 ? values.slice(0, rows) : values.subarray(0, rows);
}
