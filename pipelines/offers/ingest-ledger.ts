import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { SalesMapping } from '../../contracts/sales-mapping.ts';
import type { Lake, PartitionInfo } from '../../domain/ports/lake.ts';
import type { SourceFile } from '../../domain/ports/sources.ts';
import type { SqlEngine, SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import { datasets } from './datasets.ts';
import type { BroughtFiles } from './ingest-read.ts';
import { refusedDate } from './ingest-write.ts';
import { writeParquetRows } from './parquet-rows.ts';
import { partitionsHash } from './partitions-hash.ts';

/** Bump it when the same bytes come into the lake as other rows than before. */
const version = 1;

export interface LedgerOptions {
  readonly lake: Lake;
  readonly sql: SqlEngineFactory;
  readonly source: string;
  readonly mapping: SalesMapping;
  /** What else decides on what comes into the lake. */
  readonly market: string | undefined;
  readonly maxBadShare: number;
}

interface Entry {
  readonly sha256: string;
  /** Days that rows of the file are of. */
  readonly dates: readonly string[];
}

/**
 * Remembers in the lake which files of a source came in, and what the lake looked like on their days then. So a source that
 * grows by a file a day costs a file a day.
 */
export class IngestLedger {
  readonly #options: LedgerOptions;
  readonly #key: string;
  readonly #hashes: ReadonlyMap<string, string>;
  readonly #files: ReadonlyMap<string, Entry>;
  readonly #kept = new Map<string, Entry>();

  private constructor(
    options: LedgerOptions,
    key: string,
    hashes: ReadonlyMap<string, string>,
    files: ReadonlyMap<string, Entry>,
  ) {
    this.#options = options;
    this.#key = key;
    this.#hashes = hashes;
    this.#files = files;
  }

  static async open(options: LedgerOptions, { sales, joined }: BroughtFiles): Promise<IngestLedger> {
    const { lake, sql, source, mapping, market, maxBadShare } = options;
    const tables: string[] = [];
    for (const [name, files] of joined) for (const { path } of files) tables.push(name, await sha256Of(path));
    const key = createHash('sha256')
      .update(JSON.stringify([version, source, mapping, market ?? null, maxBadShare, tables]))
      .digest('hex')
      .slice(0, 32);
    const hashes = new Map<string, string>();
    for (const { name, path } of sales) hashes.set(name, await sha256Of(path));
    return new IngestLedger(options, key, hashes, await readEntries(lake, sql, key));
  }

  /**
   * The files that have to be read: new ones, those with other bytes, those whose days have changed in the lake since, and
   * what shares a day with one of them or with a file that is gone, as a day is replaced as a whole.
   */
  async toRead(files: readonly SourceFile[]): Promise<readonly SourceFile[]> {
    this.#kept.clear();
    // Files of one name cannot be told apart.
    if (this.#hashes.size < files.length) return files;
    const days = await daysOf(this.#options);
    const touched = new Set<string>();
    const waiting = new Map(files.map((file) => [file.name, file]));
    const read = new Set<string>();
    const touch = (name: string): void => {
      for (const date of this.#files.get(name)?.dates ?? []) touched.add(nameOf(date));
    };
    for (const name of this.#files.keys()) if (!waiting.has(name)) touch(name);
    for (let grew = true; grew; ) {
      grew = false;
      for (const name of waiting.keys()) {
        const entry = this.#files.get(name);
        const same = entry?.sha256 === this.#hashes.get(name) && entry?.dates.every((date) => days.has(date));
        if (same && !entry?.dates.some((date) => touched.has(nameOf(date)))) continue;
        waiting.delete(name);
        read.add(name);
        touch(name);
        grew = true;
      }
    }
    for (const name of waiting.keys()) this.#kept.set(name, this.#files.get(name) as Entry);
    return files.filter(({ name }) => read.has(name));
  }

  /** Whether rows in the table `typed` are of a day of a file that was not read. */
  async overlaps(engine: SqlEngine): Promise<boolean> {
    const kept = new Set([...this.#kept.values()].flatMap(({ dates }) => dates.map(nameOf)));
    if (kept.size === 0) return false;
    return (await datesOf(engine)).some(({ date }) => kept.has(date));
  }

  /** Remembers what the table `typed` brought, after it came into the lake, beside the files that were not read. */
  async record(engine: SqlEngine, scratch: string): Promise<void> {
    const { lake } = this.#options;
    const states = new Map([...(await daysOf(this.#options))].map((state) => [nameOf(state), state]));
    const dates = new Map<string, string[]>();
    for (const { file, date } of await datesOf(engine)) {
      const state = states.get(date) ?? `${date} `;
      const known = dates.get(file);
      if (known) known.push(state);
      else dates.set(file, [state]);
    }
    const rows = [...this.#hashes].map(([name, sha256]) => {
      const kept = this.#kept.get(name);
      return { name, sha256, dates: kept?.dates ?? dates.get(name) ?? [] };
    });
    const columns = "{name: 'VARCHAR', sha256: 'VARCHAR', dates: 'VARCHAR[]'}";
    // The engine is confined to the scratch folder.
    const file = join(scratch, 'ledger.parquet');
    await writeParquetRows(engine, rows, { columns, orderBy: 'name', file, scratch });
    await lake.replace(datasets.ingestedFiles, { source: this.#key }, async (folder) => {
      await copyFile(file, join(folder, 'part-0.parquet'));
      return { rows: rows.length };
    });
  }
}

/** A day stands in the ledger with a hash of its partitions: `2011-11-08 5f3a…`; without sales the hash is empty. */
function nameOf(state: string): string {
  return state.slice(0, state.indexOf(' '));
}

/** The days of the lake as they are now, and those without sales that bad rows came of. */
async function daysOf({ lake, market }: LedgerOptions): Promise<Set<string>> {
  const days = new Map<string, PartitionInfo[]>();
  for (const one of await lake.list(datasets.sales, market === undefined ? {} : { market })) {
    const date = one.partition['date'] ?? '';
    const day = days.get(date);
    if (day) day.push(one);
    else days.set(date, [one]);
  }
  const states = new Set([...days].map(([date, partitions]) => `${date} ${partitionsHash(partitions)}`));
  for (const { partition } of await lake.list(datasets.quarantine)) {
    const date = partition['date'] ?? '';
    if (!days.has(date)) states.add(`${date} `);
  }
  return states;
}

/** By file, the days of its rows: of bad ones that whose quarantine they stand in. */
async function datesOf(engine: SqlEngine): Promise<{ file: string; date: string }[]> {
  const rows = await engine.query(`
    select distinct name, case when reason is null then strftime(sold_at, '%Y-%m-%d') else coalesce(nullif(${refusedDate}, ''), 'unknown') end as date
    from (select distinct filename, date_trunc('day', sold_at) as sold_at, case when reason is not null then '' end as reason from typed)
    join files on path = filename order by all`);
  return rows.map(({ name, date }) => ({ file: String(name), date: String(date) }));
}

async function readEntries(lake: Lake, sql: SqlEngineFactory, key: string): Promise<Map<string, Entry>> {
  const [found] = await lake.list(datasets.ingestedFiles, { source: key });
  if (!found) return new Map();
  const engine = await sql.open();
  try {
    const rows = await engine.query(`select name, sha256, dates from read_parquet(${quote(found.uri)})`);
    return new Map(
      rows.map(({ name, sha256, dates }) => [String(name), { sha256: String(sha256), dates: dates as string[] }]),
    );
  } finally {
    await engine.close();
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
