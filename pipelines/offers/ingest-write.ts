import { copyFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../contracts/json.ts';
import type { Lake, Partition } from '../../domain/ports/lake.ts';
import type { SqlEngine } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import { datasets } from './datasets.ts';

export interface WriteOptions {
  readonly lake: Lake;
  /** Takes this market only; default all. */
  readonly market?: string;
  /** Rows that are sorted and written at a time; default 2,000,000. A day of a market is one batch's. */
  readonly batchRows?: number;
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number, unit: string) => void;
}

/** The day whose quarantine a bad row of `typed join files` stands in: its own, or that of its file's name; else empty. */
export const refusedDate = `coalesce(strftime(sold_at, '%Y-%m-%d'), regexp_extract(name, '\\d{4}-\\d{2}-\\d{2}'), '')`;

/** Partitions put in place at a time. */
const lanes = 16;

/**
 * Puts the rows of `typed` in place: the good ones by market and date, the refused ones by date.
 *
 * @returns the number of partitions of sales.
 */
export async function writePartitions(
  engine: SqlEngine,
  scratch: string,
  { lake, progress, signal, market, batchRows = 2_000_000 }: WriteOptions,
): Promise<number> {
  const keep = `select market, strftime(sold_at, '%Y-%m-%d') as date, invoice, product, description, quantity, sold_at, price, customer, cancelled, is_product from typed where reason is null`;
  await engine.execute(`
    create table days as
      select row_number() over (order by date, market) as part, market, date, rows from (
        select market, strftime(day, '%Y-%m-%d') as date, rows from (
          select market, date_trunc('day', sold_at) as day, count(*) as rows from typed where reason is null group by all));
    create table refused as select row_number() over (order by date) as part, date, count(*) as rows from (
      select ${refusedDate} as date from typed join files on path = filename where reason is not null
    ) group by date;
    set threads = 1; set partitioned_write_max_open_files = 1000; set preserve_insertion_order = true;
    copy (select r.part, q.* from (
        select ${refusedDate} as date, reason, name as filename, description as line, unnest(source)
        from typed join files on path = filename where reason is not null) q
      join refused r using (date) order by all)
      to ${quote(join(scratch, 'refused'))} (format parquet, partition_by (part), compression zstd, filename_pattern 'part-{i}');`);
  const days = await engine.query('select part, market, date, rows from days order by part');
  const refused = await engine.query('select part, date, rows from refused order by part');
  const folders = new Map<number, string>();
  for (const [i, { first, last, from, to }] of batchesOf(days, batchRows).entries()) {
    signal?.throwIfAborted();
    const folder = join(scratch, `sales-${i}`);
    // A batch is sorted in memory. The days are said, so that rows of others are passed over.
    await engine.execute(`
      copy (select d.part, s.* from (${keep} and sold_at >= date ${quote(from)} and sold_at < date ${quote(to)} + 1) s
        join (from days where part between ${first} and ${last}) d using (market, date)
        order by d.part, s.sold_at, s.invoice, s.product, s.quantity, s.price)
      to ${quote(folder)} (format parquet, partition_by (part), compression zstd, filename_pattern 'part-{i}')`);
    for (let part = first; part <= last; part++) folders.set(part, join(folder, `part=${part}`));
  }
  interface Job {
    readonly dataset: string;
    readonly folder: string;
    readonly partition: Partition;
    readonly rows: number;
  }
  const jobs: Job[] = [
    ...days.map((d) => ({
      dataset: datasets.sales,
      folder: folders.get(Number(d['part'])) ?? '',
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
  if (market === undefined) await removeVanished(lake, days, refused);
  return days.length;
}

interface Batch {
  first: number;
  last: number;
  rows: number;
  readonly from: string;
  to: string;
}

/** Partitions, which stand by date, in batches. */
function batchesOf(days: readonly JsonObject[], most: number): Batch[] {
  const batches: Batch[] = [];
  for (const day of days) {
    const [part, rows, date] = [Number(day['part']), Number(day['rows']), String(day['date'])];
    const last = batches.at(-1);
    if (last && last.rows + rows <= most) {
      last.rows += rows;
      [last.last, last.to] = [part, date];
    } else batches.push({ first: part, last: part, rows, from: date, to: date });
  }
  return batches;
}

/** A market that sold nothing on a day that came again has no partition there any more; nor has its quarantine without a bad row. */
async function removeVanished(
  lake: Lake,
  days: readonly Record<string, unknown>[],
  refused: readonly Record<string, unknown>[],
): Promise<void> {
  const dates = new Set(days.map((d) => String(d['date'])));
  const present = new Set(days.map((d) => `${d['date']}/${d['market']}`));
  const gone = (await lake.list(datasets.sales)).filter(
    ({ partition }) =>
      dates.has(partition['date'] ?? '') && !present.has(`${partition['date']}/${partition['market']}`),
  );
  await inLanes(gone, ({ partition }) => lake.remove(datasets.sales, partition));
  const faulty = new Set(refused.map((d) => String(d['date'])));
  const clean = (await lake.list(datasets.quarantine)).filter(
    ({ partition }) => dates.has(partition['date'] ?? '') && !faulty.has(partition['date'] ?? ''),
  );
  await inLanes(clean, ({ partition }) => lake.remove(datasets.quarantine, partition));
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
    try {
      for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) await work(job);
    } catch (error) {
      // The other lanes end what they have in hand, so that nothing is written after the failure is known.
      next = jobs.length;
      throw error;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: lanes }, lane));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
