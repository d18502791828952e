import { PerennialError } from '../../contracts/errors.ts';
import type { SourceFile } from '../../domain/ports/sources.ts';
import type { SqlEngine } from '../../domain/ports/sql-engine.ts';
import type { MappedJoin, MappedSales } from '../../domain/preprocessing/sales-mapping.ts';
import { identifier, quoteList } from '../../domain/preprocessing/sql.ts';
import { readRows } from './read-rows.ts';
import { checkFiles, type FileGroup } from './source-files.ts';

/** Reads the table that joins as `join_i`: its keys, and the columns that the mapping reads as one struct. */
export async function readJoined(
  engine: SqlEngine,
  i: number,
  { name, on, columns, format, firstOfDuplicates }: MappedJoin,
  files: readonly SourceFile[],
  folder: string,
): Promise<void> {
  const keys = on.map(({ right }) => right);
  const wanted = [...new Set([...keys, ...columns])];
  const groups = await checkFiles(engine, files, { format, wanted, folder });
  await engine.execute(
    `create table joined_raw (${wanted.map((column) => `${identifier(column)} varchar`).join(', ')})`,
  );
  for (const group of groups) await readRows(engine, 'joined_raw', group, format.decimal);
  if (groups.some(({ kind }) => kind === 'text')) await refuseRejects(engine, name, groups);
  const key = keys.map((column, k) => `trim(${identifier(column)}) as key_${k}`).join(', ');
  const keyNames = keys.map((_, k) => `key_${k}`).join(', ');
  if (!firstOfDuplicates) {
    const [twice] = await engine.query(`
      select count(*) over () as keys, concat_ws(', ', ${keyNames}) as example, rows from (
        select ${key}, count(*) as rows from joined_raw group by all having count(*) > 1) order by example limit 1`);
    if (twice) {
      throw new PerennialError(
        'SOURCE_INVALID',
        `The joined table "${name}" has ${twice['keys']} values of ${keys.join(', ')} more than once, for example "${twice['example']}" ${twice['rows']} times: sales would be doubled.`,
        { remedy: 'Correct the table, or take the first row of each by "duplicates": "first".' },
      );
    }
  }
  const fields = (columns.length > 0 ? columns : keys).map((c) => `${identifier(c)} := ${identifier(c)}`);
  await engine.execute(`
    create table join_${i} as select ${keyNames}, arg_min(found, row) as ${identifier(name)}
      from (select rowid as row, ${key}, struct_pack(${fields.join(', ')}) as found from joined_raw) group by ${keyNames};
    drop table joined_raw`);
}

/** A joined table has no quarantine: a product that is lost would lose its text in silence. */
async function refuseRejects(engine: SqlEngine, name: string, groups: readonly FileGroup[]): Promise<void> {
  const paths = quoteList(groups.flatMap(({ files }) => files.map(({ path }) => path)));
  const [bad] = await engine.query(`
    select count(distinct (file_path, line)) as lines, min(line) as first, arg_min(error_message, line) as message
    from reject_errors join reject_scans using (scan_id, file_id) where list_contains(${paths}, file_path)`);
  if (Number(bad?.['lines'] ?? 0) === 0) return;
  throw new PerennialError(
    'SOURCE_INVALID',
    `The joined table "${name}" has ${bad?.['lines']} lines that cannot be read, the first is line ${bad?.['first']}: ${bad?.['message']}.`,
    { remedy: 'Correct these lines, or say by the format of the join how the file is written.' },
  );
}

/** The raw rows as `sale`, with the joined tables beside them. */
export function fromSql({ joins }: MappedSales): string {
  return ['raw as sale', ...joins.map((join, i) => `left join join_${i} on ${conditionOf(join, i)}`)].join(' ');
}

function conditionOf({ on }: MappedJoin, i: number): string {
  return on.map(({ left }, k) => `trim(sale.${identifier(left)}) = join_${i}.key_${k}`).join(' and ');
}

/** By joined table: rows without a partner there. */
export async function countUnmatched(engine: SqlEngine, { joins }: MappedSales): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [i, join] of joins.entries()) {
    const [found] = await engine.query(
      `select count(*) as rows from raw as sale where not exists (select 1 from join_${i} where ${conditionOf(join, i)})`,
    );
    counts[join.name] = Number(found?.['rows']);
  }
  return counts;
}
