import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { PerennialError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { onlineRetailMapping, type SalesMapping } from '../../contracts/sales-mapping.ts';
import type { SourceFile, SourceReader } from '../../domain/ports/sources.ts';
import type { SqlEngine, SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { compileMapping } from '../../domain/preprocessing/sales-mapping.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import { bringFiles } from './bring-files.ts';
import { checkMapping } from './check-mapping.ts';
import { IngestLedger } from './ingest-ledger.ts';
import { type BroughtFiles, type ReadReport, readSources } from './ingest-read.ts';
import { type WriteOptions, writePartitions } from './ingest-write.ts';
import { withScratchEngine } from './with-scratch-engine.ts';

export interface IngestOptions extends WriteOptions {
  /** A folder of daily files, one file, `s3://bucket/prefix`, `postgres://…` or `http(s)://…`. */
  readonly source: string;
  /** Default: the columns of UCI Online Retail. */
  readonly mapping?: SalesMapping;
  /** Share of a file's rows (0..1) that may be bad; default 0.05. */
  readonly maxBadShare?: number;
  readonly sql: SqlEngineFactory;
  readonly sources: SourceReader;
}

export interface IngestReport {
  readonly files: number;
  /** Files that were not read, as they and their days are as they were when they came in; left out when there is none. */
  readonly unchanged?: number;
  readonly rows: number;
  readonly quarantined: number;
  /** The commonest reasons, with their rows. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  readonly markets: readonly string[];
  readonly firstDate: string | null;
  readonly lastDate: string | null;
  readonly partitions: number;
  /** With a filter: rows it left out. */
  readonly filtered?: number;
  /** With joined tables: rows without a partner there. */
  readonly unmatched?: Readonly<Record<string, number>>;
}

export interface IngestPreview extends Omit<IngestReport, 'partitions'> {
  /** What comes of the first rows, bad ones with their reason. */
  readonly first: readonly JsonObject[];
  /** Why the ingest itself would refuse the source; null: it would not. */
  readonly refused: string | null;
}

/**
 * Brings sales into the lake, partitioned by market and date. A day that comes again replaces what was there, markets
 * that are gone included. Bad rows go to the quarantine dataset with their reasons. A file that came in before, and
 * whose days nobody has changed since, is not read again; rows of the report are of the files that were.
 *
 * @throws SOURCE_INVALID for a source that cannot be read, PARAMETER_INVALID for a mapping that does not hold,
 * QUARANTINE_EXCEEDED when too many of a file's rows are bad, UNAVAILABLE when a server does not answer; the lake is
 * untouched then.
 */
export async function ingestSales(options: IngestOptions): Promise<IngestReport> {
  const { lake, sql, source, market, mapping = onlineRetailMapping, maxBadShare = defaultBadShare } = options;
  let ledger: IngestLedger | undefined;
  const bring = (all: boolean) =>
    withSales(
      options,
      async (engine, read, scratch) => {
        // A new file with rows of a day that others hold too: the day is replaced as a whole, so they are read as well.
        if (!all && (await ledger?.overlaps(engine))) return null;
        await refuseBadFiles(engine, maxBadShare);
        const partitions = await writePartitions(engine, scratch, options);
        await ledger?.record(engine, scratch);
        return { ...(await reportOf(engine, read)), partitions };
      },
      async (files) => {
        ledger = await IngestLedger.open({ lake, sql, source, mapping, market, maxBadShare }, files);
        return all ? files : { ...files, sales: await ledger.toRead(files.sales) };
      },
    );
  return (await bring(false)) ?? ((await bring(true)) as IngestReport);
}

/** What {@link ingestSales} would do, and what comes of the first `rows` rows (default 10). Writes nothing. */
export function previewSales(
  options: Omit<IngestOptions, 'lake'> & { readonly rows?: number },
): Promise<IngestPreview> {
  return withSales(options, async (engine, read) => {
    const first = await engine.query(`
      select invoice, product, description, quantity, cast(sold_at as varchar) as sold_at, price, customer, market, cancelled, is_product, reason
      from typed order by row limit ${options.rows ?? 10}`);
    let refused: string | null = null;
    try {
      await refuseBadFiles(engine, options.maxBadShare ?? defaultBadShare);
    } catch (error) {
      if (!(error instanceof PerennialError)) throw error;
      refused = error.message;
    }
    return { ...(await reportOf(engine, read)), first, refused };
  });
}

/** Share of a file's rows that may be bad. */
const defaultBadShare = 0.05;

interface Read extends ReadReport {
  readonly files: number;
  readonly unchanged: number;
  readonly mapping: SalesMapping;
}

/** Gives `work` an engine with the table `typed`, of the files that `choose` leaves, and cleans up behind it. */
async function withSales<T>(
  options: Omit<IngestOptions, 'lake'>,
  work: (engine: SqlEngine, read: Read, scratch: string) => Promise<T>,
  choose: (files: BroughtFiles) => Promise<BroughtFiles> = async (files) => files,
): Promise<T> {
  const { signal, source, sources, mapping = onlineRetailMapping, market, progress } = options;
  checkMapping(mapping);
  return withScratchEngine(options.sql, signal, async (engine, scratch) => {
    const mapped = await compileMapping(engine, mapping);
    const files = await bringFiles(sources, { source, mapping, scratch, signal, progress });
    const chosen = await choose(files);
    const unchanged = files.sales.length - chosen.sales.length;
    if ((await bytesOf(chosen.sales)) > manyBytes) await engine.keepOnDisk();
    const read = await readSources(engine, mapped, chosen, scratch);
    if (market !== undefined && chosen.sales.length > 0) await keepMarket(engine, market);
    return work(engine, { ...read, files: files.sales.length, unchanged, mapping }, scratch);
  });
}

/** Bytes of files from which on their rows lie on disk while they are read; a row takes some 500 in memory, and 12 in a .gz file. */
const manyBytes = 32 * 1024 * 1024;

async function bytesOf(files: readonly SourceFile[]): Promise<number> {
  const sizes = await Promise.all(files.map(async ({ path }) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function keepMarket(engine: SqlEngine, market: string): Promise<void> {
  const found = await engine.query('select distinct market from typed where market is not null order by market');
  const markets = found.map((row) => String(row['market']));
  if (!markets.includes(market)) {
    throw new PerennialError(
      'SOURCE_INVALID',
      `The source has no sales of the market "${market}"; it has ${markets.slice(0, 50).join(', ') || 'none'}.`,
      { remedy: 'Correct the name of the market; its case counts.' },
    );
  }
  await engine.execute(`delete from typed where market is distinct from ${quote(market)}`);
}

async function refuseBadFiles(engine: SqlEngine, maxBadShare: number): Promise<void> {
  const bad = await engine.query(`
    select name as filename, sum(rows)::bigint as rows, sum(bad)::bigint as bad, min(example) as example
    from (select filename as path, count(*) as rows, count(reason) as bad, min(reason) as example from typed group by filename)
    join files using (path) group by name having sum(bad) > ${maxBadShare} * sum(rows) order by name`);
  if (bad.length === 0) return;
  const shown = bad
    .slice(0, 5)
    .map((f) => `${basename(String(f['filename']))}: ${f['bad']} of ${f['rows']} rows, for example ${f['example']}`);
  throw new PerennialError(
    'QUARANTINE_EXCEEDED',
    `Too many rows are bad (more than ${Number((maxBadShare * 100).toPrecision(6))} % of a file). ${shown.join('. ')}.`,
    {
      remedy: 'Correct the files, or allow a larger share by maxBadShare if the rows may be left out.',
    },
  );
}

async function reportOf(engine: SqlEngine, read: Read): Promise<Omit<IngestReport, 'partitions'>> {
  const [total] = await engine.query(`
    select count(*) filter (reason is null) as rows, count(reason) as quarantined,
      strftime(min(sold_at) filter (reason is null), '%Y-%m-%d') as first, strftime(max(sold_at) filter (reason is null), '%Y-%m-%d') as last from typed`);
  const reasons = await engine.query(
    `select regexp_replace(reason, '"[^"]*"|( )-?[0-9.]+', '\\1…', 'g') as reason, count(*) as rows from typed where reason is not null group by 1 order by 2 desc, 1 limit 10`,
  );
  const markets = await engine.query('select distinct market from typed where reason is null order by market');
  return {
    files: read.files,
    ...(read.unchanged > 0 ? { unchanged: read.unchanged } : {}),
    rows: Number(total?.['rows'] ?? 0),
    quarantined: Number(total?.['quarantined'] ?? 0),
    reasons: reasons.map((r) => ({ reason: String(r['reason']), rows: Number(r['rows']) })),
    markets: markets.map((m) => String(m['market'])),
    firstDate: (total?.['first'] as string | null) ?? null,
    lastDate: (total?.['last'] as string | null) ?? null,
    ...(read.mapping.where === undefined ? {} : { filtered: read.filtered }),
    ...(read.mapping.join === undefined ? {} : { unmatched: read.unmatched }),
  };
}
