import { createHash } from 'node:crypto';
import type pg from 'pg';

/** A number from 0 to before 1 that is the same for the same words. */
export function draw(...of: readonly (string | number)[]): number {
  return createHash('sha256').update(of.join('/')).digest().readUInt32BE(0) / 2 ** 32;
}

/** An id, of the form of a UUID, that is the same for the same words. */
export function idOf(...of: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(of.join('/')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export type Row = Readonly<Record<string, unknown>>;

/** Rows of a statement: one whose JSON is larger is slow to read. */
const batch = 2_000;

/** Inserts rows whose members are named as the columns of a table are; columns that the first row leaves out have their defaults. */
export async function insertRows(client: pg.Client, table: string, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first)
    .map((name) => `"${name}"`)
    .join(', ');
  for (let at = 0; at < rows.length; at += batch)
    await client.query(
      `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
      [JSON.stringify(rows.slice(at, at + batch))],
    );
}
