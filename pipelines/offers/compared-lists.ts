import { join } from 'node:path';
import type { Lake } from '../../domain/ports/lake.ts';
import type { SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import { datasets } from './datasets.ts';
import type { ComparedRollout } from './outputs.ts';
import { writeParquetRows } from './parquet-rows.ts';

/** Products of a list that are judged. */
export const judgedRanks = 10;

/** A place in the list of a customer. */
export interface ComparedRow {
  readonly customer_id: string;
  readonly version: number;
  readonly rank: number;
  readonly product_id: string;
}

const memoryMiB = 512;

const columns = "{customer_id: 'VARCHAR', version: 'INTEGER', rank: 'INTEGER', product_id: 'VARCHAR'}";

/** Where the lists that a step of a rollout compares are; of a day, or of all. */
export function comparedPartition({ rollout, step, market }: Pick<ComparedRollout, 'rollout' | 'step' | 'market'>) {
  return { rollout, step: String(step), market };
}

/**
 * Keeps the beginnings of the lists of both versions for a day, made of the same sales before it.
 *
 * @param lists.served file of the lists that are delivered, and the version that made them.
 * @param lists.others rows of the other version.
 */
export async function writeComparedLists(
  { lake, sql }: { readonly lake: Lake; readonly sql: SqlEngineFactory },
  of: ComparedRollout,
  date: string,
  lists: {
    readonly served: { readonly file: string; readonly version: number };
    readonly others: Iterable<ComparedRow> | AsyncIterable<ComparedRow>;
  },
  { scratch, signal }: { readonly scratch: string; readonly signal: AbortSignal },
): Promise<void> {
  const engine = await sql.open({ scratch, signal, memoryMiB });
  try {
    const file = join(scratch, 'others.parquet');
    await writeParquetRows(engine, lists.others, { columns, orderBy: 'customer_id, rank', file, scratch });
    const { served } = lists;
    await engine.execute(`
      create temp table compared as
        select ${quote(date)} as made_for, * from read_parquet(${quote(file)})
        union all by name
        select ${quote(date)} as made_for, customer_id, ${served.version}::integer as version, rank, product_id
        from read_parquet(${quote(served.file)}) where list = 'all' and rank <= ${judgedRanks}`);
    const [counted] = await engine.query('select count(*) as rows from compared');
    await lake.replace(datasets.comparedLists, { ...comparedPartition(of), date }, async (folder) => {
      await engine.execute(
        `copy (select * from compared order by customer_id, version, rank) to ${quote(join(folder, 'part-0.parquet'))} (format parquet, compression zstd)`,
      );
      return { rows: Number(counted?.['rows']) };
    });
  } finally {
    await engine.close();
  }
}
