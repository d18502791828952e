import { copyFile, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PerennialError } from '../../contracts/errors.ts';
import type { Lake, Partition } from '../../domain/ports/lake.ts';
import type { SqlEngine, SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { salesColumns, typedSalesSql } from '../../domain/preprocessing/sales.ts';
import { quote, quoteList } from '../../domain/preprocessing/sql.ts';
import { datasets } from './datasets.ts';
import { findSourceFiles, type SourceFiles } from './source-files.ts';

export interface IngestOptions {
  /** Folder of daily files, or one file. */
  readonly source: string;
  /** Takes this market only; default all. */
  readonly market?: string;
  /** Share of a file's rows (0..1) that may be bad; default 0.05. */
  readonly maxBadShare?: number;
  readonly lake: Lake;
  readonly sql: SqlEngineFactory;
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number, unit: string) => void;
  readonly log?: (level: 'info' | 'warn', message: string) => void;
}

export interface IngestReport {
  readonly files: number;
  readonly rows: number;
  readonly quarantined: number;
  /** The commonest reasons, with their rows. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  readonly markets: readonly string[];
  readonly firstDate: string | null;
  readonly lastDate: string | null;
  readonly partitions: number;
}

/** Partitions put in place at a time. */
const lanes = 16;

/**
 * Brings sales files into the lake, partitioned by market and date. A day that comes again replaces what was there,
 * markets that are gone included. Bad rows go to the quarantine dataset with their reasons.
 *
 * @throws SOURCE_INVALID for a file that cannot be read, QUARANTINE_EXCEEDED when too many of a file's rows are bad; the
 * lake is untouched then.
 */
export async function ingestSales(options: IngestOptions): Promise<IngestReport> {
  const files = await findSourceFiles(options.source);
  const scratch = await mkdtemp(join(tmpdir(), 'perennial-ingest-'));
  const engine = await options.sql.open(options.signal ? { signal: options.signal } : {});
  try {
    await readSources(engine, files);
    if (options.market !== undefined)
      await engine.execute(`delete from typed where market is distinct from ${quote(options.market)}`);
    await refuseBadFiles(engine, options.maxBadShare ?? 0.05);
    const partitions = await writePartitions(engine, scratch, options);
    return await reportOf(engine, files, partitions);
  } finally {
    await engine.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function readSources(engine: SqlEngine, { csv, parquet }: SourceFiles): Promise<void> {
  const columns = salesColumns.join(', ');
  const reads: string[] = [];
  for (const group of csv) {
    const types = group.columns.map((name) => `${quote(name)}: 'VARCHAR'`).join(', ');
    reads.push(
      `select ${columns}, filename from read_csv(${quoteList(group.files)}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
        columns = {${types}}, filename = true, store_rejects = true)`,
    );
  }
  if (parquet.length > 0) {
    reads.push(
      `select ${salesColumns.map((name) => `cast(${name} as varchar) as ${name}`).join(', ')}, filename from read_parquet(${quoteList(parquet)}, union_by_name = true, filename = true)`,
    );
  }
  try {
    await engine.execute(`create table raw as ${reads.join(' union all ')}`);
  } catch (error) {
    throw new PerennialError(
      'SOURCE_INVALID',
      `The source could not be read: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      {
        remedy: `Every file needs the columns ${columns}.`,
        cause: error,
      },
    );
  }
  await engine.execute(`create table typed as ${typedSalesSql('raw')}; drop table raw;`);
  if (csv.length > 0) {
    // Lines the CSV reader itself refused: too many or too few fields, a quote that does not end.
    await engine.execute(`
      insert into typed by name
      select s.file_path as filename, 'line ' || e.line || ': ' || e.error_message as reason, e.csv_line as description
      from reject_errors e join reject_scans s using (scan_id, file_id)`);
  }
}

async function refuseBadFiles(engine: SqlEngine, maxBadShare: number): Promise<void> {
  const bad = await engine.query(`
    select filename, count(*) as rows, count(reason) as bad, min(reason) as example
    from typed group by filename having count(reason) > ${maxBadShare} * count(*) order by filename`);
  if (bad.length === 0) return;
  const shown = bad
    .slice(0, 5)
    .map((f) => `${basename(String(f['filename']))}: ${f['bad']} of ${f['rows']} rows, for example ${f['example']}`);
  throw new PerennialError(
    'QUARANTINE_EXCEEDED',
    `Too many rows are bad (more than ${maxBadShare * 100} % of a file). ${shown.join('. ')}.`,
    {
      remedy: 'Correct the files, or allow a larger share by maxBadShare if the rows may be left out.',
    },
  );
}

async function writePartitions(
  engine: SqlEngine,
  scratch: string,
  { lake, progress, signal, market }: IngestOptions,
): Promise<number> {
  const keep = `select market, strftime(sold_at, '%Y-%m-%d') as date, invoice, product, description, quantity, sold_at, price, customer, cancelled from typed where reason is null`;
  await engine.execute(`
    create table days as select row_number() over (order by date, market) as part, market, date, count(*) as rows from (${keep}) group by market, date;
    create table refused as select row_number() over (order by date) as part, date, count(*) as rows from (
      select coalesce(strftime(sold_at, '%Y-%m-%d'), regexp_extract(filename, '\\d{4}-\\d{2}-\\d{2}'), '') as date from typed where reason is not null
    ) group by date;
    set threads = 1; set partitioned_write_max_open_files = 1000; set preserve_insertion_order = true;
    copy (select d.part, s.* from (${keep}) s join days d using (market, date) order by d.part, s.sold_at, s.invoice, s.product, s.quantity, s.price)
      to ${quote(join(scratch, 'sales'))} (format parquet, partition_by (part), compression zstd, filename_pattern 'part-{i}');
    copy (select r.part, q.* from (
        select coalesce(strftime(sold_at, '%Y-%m-%d'), regexp_extract(filename, '\\d{4}-\\d{2}-\\d{2}'), '') as date,
          reason, filename, description as line, unnest(source) from typed where reason is not null) q
      join refused r using (date) order by all)
      to ${quote(join(scratch, 'refused'))} (format parquet, partition_by (part), compression zstd, filename_pattern 'part-{i}');`);
  const days = await engine.query('select part, market, date, rows from days order by part');
  const refused = await engine.query('select part, date, rows from refused order by part');
  interface Job {
    readonly dataset: string;
    readonly folder: string;
    readonly partition: Partition;
    readonly rows: number;
  }
  const jobs: Job[] = [
    ...days.map((d) => ({
      dataset: datasets.sales,
      folder: join(scratch, 'sales', `part=${d['part']}`),
      partition: { market: String(d['market']), date: String(d['date']) },
      rows: Number(d['rows']),
    })),
    ...refused.map((d) => ({
      dataset: datasets.quarantine,
      folder: join(scratch, 'refused', `part=${d['part']}`),
      partition: { date: String(d['date']) || 'unknown' },
      rows: Number(d['rows']),
    })),
  ];
  let done = 0;
  await inLanes(jobs, async ({ dataset, folder, partition, rows }) => {
    signal?.throwIfAborted();
    await lake.replace(dataset, partition, async (target) => {
      await moveFiles(folder, target);
      return { rows };
    });
    progress?.(++done, jobs.length, 'partitions');
  });
  if (market === undefined) await removeVanished(lake, days);
  return days.length;
}

/** A market that sold nothing on a day that came again has no partition there any more. */
async function removeVanished(lake: Lake, days: readonly Record<string, unknown>[]): Promise<void> {
  const dates = new Set(days.map((d) => String(d['date'])));
  const present = new Set(days.map((d) => `${d['date']}/${d['market']}`));
  const gone = (await lake.list(datasets.sales)).filter(
    ({ partition }) =>
      dates.has(partition['date'] ?? '') && !present.has(`${partition['date']}/${partition['market']}`),
  );
  await inLanes(gone, ({ partition }) => lake.remove(datasets.sales, partition));
}

async function moveFiles(from: string, to: string): Promise<void> {
  for (const name of (await readdir(from)).sort()) {
    // The scratch folder may lie on another disk than the lake.
    await rename(join(from, name), join(to, name)).catch(() => copyFile(join(from, name), join(to, name)));
  }
}

async function inLanes<T>(jobs: readonly T[], work: (job: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) await work(job);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function reportOf(engine: SqlEngine, files: SourceFiles, partitions: number): Promise<IngestReport> {
  const [total] = await engine.query(`
    select count(*) filter (reason is null) as rows, count(reason) as quarantined,
      strftime(min(sold_at) filter (reason is null), '%Y-%m-%d') as first, strftime(max(sold_at) filter (reason is null), '%Y-%m-%d') as last from typed`);
  const reasons = await engine.query(
    `select regexp_replace(reason, '"[^"]*"|-?[0-9.]+', '…', 'g') as reason, count(*) as rows from typed where reason is not null group by 1 order by 2 desc, 1 limit 10`,
  );
  const markets = await engine.query('select distinct market from days order by market');
  return {
    files: files.csv.reduce((sum, group) => sum + group.files.length, files.parquet.length),
    rows: Number(total?.['rows'] ?? 0),
    quarantined: Number(total?.['quarantined'] ?? 0),
    reasons: reasons.map((r) => ({ reason: String(r['reason']), rows: Number(r['rows']) })),
    markets: markets.map((m) => String(m['market'])),
    firstDate: (total?.['first'] as string | null) ?? null,
    lastDate: (total?.['last'] as string | null) ?? null,
    partitions,
  };
}
