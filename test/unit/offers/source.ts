import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../../contracts/json.ts';
import type { Lake } from '../../../domain/ports/lake.ts';
import { quoteList } from '../../../domain/preprocessing/sql.ts';
import { duckdbEngine } from '../../../engines/duckdb/engine.ts';
import { type IngestOptions, type IngestReport, ingestSales } from '../../../pipelines/offers/ingest.ts';
import { fileLake } from '../../../storage/lake/file.ts';
import { createSourceReader } from '../../../storage/sources/index.ts';

export const sql = duckdbEngine({ threads: 2 });
export const sources = createSourceReader({ s3: { endpoint: undefined, region: undefined }, secret: () => undefined });
export const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';

const day = '2011-11-08';
const sale = {
  invoice: '536365',
  product: '85123A',
  description: 'MUG',
  quantity: '6',
  at: `${day} 08:26:00`,
  price: '2.55',
  customer: '17850',
  market: 'United Kingdom',
};

/** One line of a CSV file: a good sale with `change` in it. */
export function line(change: Partial<typeof sale> = {}): string {
  return `${Object.values({ ...sale, ...change }).join(',')}\n`;
}

/** `count` good lines with an invoice each. */
export function lines(count: number, change: Partial<typeof sale> = {}): string {
  return Array.from({ length: count }, (_, i) => line({ invoice: String(600_000 + i), ...change })).join('');
}

/** A folder of its own with source files and a lake; `drop` removes both. */
export async function workplace() {
  const base = await mkdtemp(join(tmpdir(), 'perennial-test-'));
  const lake = fileLake(join(base, 'lake'));
  let folders = 0;
  return {
    base,
    lake,
    /** Writes files into a new source folder. */
    async source(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
      const folder = join(base, `source-${++folders}`);
      await mkdir(folder);
      for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
      return folder;
    },
    ingest: (source: string, options: Partial<IngestOptions> = {}): Promise<IngestReport> =>
      ingestSales({ source, lake, sql, sources, ...options }),
    sales: () => rowsOf(lake, 'offers/sales', 'date, market, invoice, product, quantity'),
    quarantine: () => rowsOf(lake, 'offers/sales-quarantine', 'reason, line'),
    drop: () => rm(base, { recursive: true, force: true }),
  };
}

export type Workplace = Awaited<ReturnType<typeof workplace>>;

async function rowsOf(lake: Lake, dataset: string, order: string): Promise<JsonObject[]> {
  const partitions = await lake.list(dataset);
  if (partitions.length === 0) return [];
  const engine = await sql.open();
  try {
    return await engine.query(
      `select * from read_parquet(${quoteList(partitions.map((p) => p.uri))}) order by ${order}`,
    );
  } finally {
    await engine.close();
  }
}
