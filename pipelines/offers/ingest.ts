import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PerennialError } from '../../contracts/errors.ts';
import type { SqlEngine, SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import { readSources } from './ingest-read.ts';
import { type WriteOptions, writePartitions } from './ingest-write.ts';
import { findSourceFiles, type SourceFiles } from './source-files.ts';

export interface IngestOptions extends WriteOptions {
  /** Folder of daily files, or one file. */
  readonly source: string;
  /** Share of a file's rows (0..1) that may be bad; default 0.05. */
  readonly maxBadShare?: number;
  readonly sql: SqlEngineFactory;
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
  let engine: SqlEngine | undefined;
  try {
    engine = await options.sql.open(options.signal ? { signal: options.signal } : {});
    await readSources(engine, files);
    if (options.market !== undefined) await keepMarket(engine, options.market);
    await refuseBadFiles(engine, options.maxBadShare ?? 0.05);
    const partitions = await writePartitions(engine, scratch, options);
    return await reportOf(engine, files, partitions);
  } catch (error) {
    // A query that was interrupted fails with an error of the engine's own, or looks like a source that cannot be read.
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    await engine?.close();
    await rm(scratch, { recursive: true, force: true });
  }
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
    select filename, count(*) as rows, count(reason) as bad, min(reason) as example
    from typed group by filename having count(reason) > ${maxBadShare} * count(*) order by filename`);
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
