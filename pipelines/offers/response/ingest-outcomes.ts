import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PerennialError } from '../../../contracts/errors.ts';
import type { Lake } from '../../../domain/ports/lake.ts';
import type { SqlEngine, SqlEngineFactory } from '../../../domain/ports/sql-engine.ts';
import { outcomeColumns, typedOutcomesSql } from '../../../domain/preprocessing/outcomes.ts';
import { quote } from '../../../domain/preprocessing/sql.ts';
import { datasets } from '../datasets.ts';
import { withScratchEngine } from '../with-scratch-engine.ts';

export interface IngestOutcomesOptions {
  /** CSV, CSV.gz or Parquet with {@link outcomeColumns}. */
  readonly outcomes: string;
  /** Share of the rows (0..1) that may be bad; default 0.05. */
  readonly maxBadShare?: number;
  readonly lake: Lake;
  readonly sql: SqlEngineFactory;
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number, unit: string) => void;
}

export interface OutcomesReport {
  readonly rows: number;
  readonly quarantined: number;
  /** The commonest reasons, with their rows. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  readonly days: number;
  readonly firstDate: string | null;
  readonly lastDate: string | null;
}

/**
 * Brings offers with their outcomes into the lake, by date. A day that comes again replaces what was there; bad rows go to
 * the quarantine dataset with their reasons.
 *
 * @throws SOURCE_INVALID for a file that cannot be read or lacks a column, QUARANTINE_EXCEEDED when too many rows are bad;
 * the lake is untouched then.
 */
export async function ingestOutcomes(options: IngestOutcomesOptions): Promise<OutcomesReport> {
  const { outcomes, lake, sql, signal, progress, maxBadShare = 0.05 } = options;
  return withScratchEngine(sql, signal, async (engine) => {
    await readOutcomes(engine, outcomes);
    const report = await reportOf(engine);
    if (report.quarantined > maxBadShare * (report.rows + report.quarantined))
      throw new PerennialError(
        'QUARANTINE_EXCEEDED',
        `Too many rows of ${basename(outcomes)} are bad: ${report.quarantined} of ${report.rows + report.quarantined}, for example ${report.reasons[0]?.reason}.`,
        { remedy: 'Correct the file, or allow a larger share by maxBadShare if the rows may be left out.' },
      );
    const days = await engine.query(
      `select date, count(reason) as refused, count(*) - count(reason) as rows from typed group by date order by date`,
    );
    for (const [done, day] of days.entries()) {
      signal?.throwIfAborted();
      const date = String(day['date'] ?? '');
      for (const [dataset, rows, select] of [
        [datasets.outcomes, Number(day['rows']), 'customer_id, product_id, date, discount, sale, holdout'],
        [datasets.outcomesQuarantine, Number(day['refused']), 'reason, source'],
      ] as const) {
        const partition = { date: date || 'unknown' };
        const wanted = dataset === datasets.outcomes ? 'reason is null' : 'reason is not null';
        if (rows > 0)
          await lake.replace(dataset, partition, async (folder) => {
            const of = date === '' ? 'date is null' : `date = ${quote(date)}`;
            await engine.execute(
              `copy (select ${select} from typed where ${of} and ${wanted} order by all) to ${quote(join(folder, 'part-0.parquet'))} (format parquet, compression zstd)`,
            );
            return { rows };
          });
        else await lake.remove(dataset, partition);
      }
      progress?.(done + 1, days.length, 'days');
    }
    return report;
  });
}

async function readOutcomes(engine: SqlEngine, file: string): Promise<void> {
  if (!(await stat(file).catch(() => null))?.isFile())
    throw new PerennialError('SOURCE_INVALID', `The file of outcomes "${file}" does not exist.`, {
      remedy: `Name a CSV, CSV.gz or Parquet file with the columns ${outcomeColumns.join(', ')}.`,
    });
  const read = /\.parquet$/i.test(file)
    ? `read_parquet(${quote(file)})`
    : `read_csv(${quote(file)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`;
  let found: string[];
  try {
    found = (await engine.query(`describe select * from ${read}`)).map((column) => String(column['column_name']));
    await engine.execute(`create table given as select * from ${read}`);
  } catch (error) {
    throw new PerennialError(
      'SOURCE_INVALID',
      `${basename(file)} cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      { remedy: 'The file must be CSV, CSV.gz or Parquet, in UTF-8, with a header.', cause: error },
    );
  }
  const missing = outcomeColumns.filter((name) => !found.includes(name));
  if (missing.length > 0)
    throw new PerennialError(
      'SOURCE_INVALID',
      `${basename(file)} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}; it has ${found.join(', ')}.`,
      { remedy: `The first line must be a header with ${outcomeColumns.join(', ')}.` },
    );
  const columns = outcomeColumns.map((name) => `cast(${name} as varchar) as ${name}`).join(', ');
  await engine.execute(`create table typed as ${typedOutcomesSql(`(select ${columns} from given)`)}`);
}

async function reportOf(engine: SqlEngine): Promise<OutcomesReport> {
  const [total] = await engine.query(`
    select count(*) - count(reason) as rows, count(reason) as quarantined, count(distinct date) filter (reason is null) as days,
      min(date) filter (reason is null) as first, max(date) filter (reason is null) as last from typed`);
  const reasons = await engine.query(`
    select regexp_replace(reason, '"[^"]*"', '…', 'g') as reason, count(*) as rows from typed where reason is not null
    group by 1 order by 2 desc, 1 limit 10`);
  return {
    rows: Number(total?.['rows'] ?? 0),
    quarantined: Number(total?.['quarantined'] ?? 0),
    reasons: reasons.map((r) => ({ reason: String(r['reason']), rows: Number(r['rows']) })),
    days: Number(total?.['days'] ?? 0),
    firstDate: (total?.['first'] as string | null) ?? null,
    lastDate: (total?.['last'] as string | null) ?? null,
  };
}
