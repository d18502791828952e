import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import { ingestSales } from '../../pipelines/offers/ingest.ts';
import type { TablesOutput } from '../../pipelines/offers/outputs.ts';
import { loadSalesTable } from '../../pipelines/offers/sales-table.ts';
import { writeTables } from '../../pipelines/offers/tables.ts';
import { fileArtifactStore } from '../../storage/artifacts/file.ts';
import { fileLake } from '../../storage/lake/file.ts';
import { createSourceReader } from '../../storage/sources/index.ts';
import { median, rounded, seconds, shownSeconds } from '../figures.ts';

const end = '9999-01-01';

/** The step `preprocess` beside a script of DuckDB, on all the sales of a folder; the sales of the tables too. */
export async function timePreprocessing(
  sql: SqlEngineFactory,
  { source, rounds }: { readonly source: string; readonly rounds: number },
  folder: string,
  report: (line: string) => void,
) {
  const artifacts = fileArtifactStore(join(folder, 'artifacts'));
  const [ours, theirs, ingests]: [number[], number[], number[]] = [[], [], []];
  let tables: TablesOutput | undefined;
  for (let round = 1; round <= rounds; round++) {
    const scratch = join(folder, `round-${round}`);
    await mkdir(scratch);
    // A lake of its own: what came in before would not be read again.
    const lake = fileLake(join(scratch, 'lake'));
    const services = { lake, artifacts, sql };
    ingests.push(
      await seconds(() =>
        ingestSales({
          source,
          lake,
          sql,
          sources: createSourceReader({ s3: { endpoint: undefined, region: undefined }, secret: () => undefined }),
        }),
      ),
    );
    ours.push(
      await seconds(async () => {
        const signal = new AbortController().signal;
        tables = await writeTables({ asOf: end, productPattern: '', services, scratch, signal });
      }),
    );
    theirs.push(await seconds(() => handWritten(sql, source, scratch)));
    report(
      `preprocessing, round ${round}: ${shownSeconds(ingests)} s into the lake, ${shownSeconds(ours)} s to tables; by hand ${shownSeconds(theirs)} s`,
    );
    await sameRows(sql, await artifacts.getFile(tables!.tables.sales), join(scratch, 'hand-sales.parquet'));
  }
  const own = median(ours);
  const hand = median(theirs);
  return {
    preprocess_ratio_vs_duckdb: rounded(own / hand, 3),
    ingest_and_preprocess_ratio_vs_duckdb: rounded((median(ingests) + own) / hand, 3),
    preprocess_s: rounded(own, 3),
    preprocess_duckdb_s: rounded(hand, 3),
    ingest_s: rounded(median(ingests), 3),
    sales: await loadSalesTable(tables!.tables, artifacts, sql),
  };
}

/** What a data engineer writes for one day's work: the same four tables straight from the files, nothing checked. */
async function handWritten(sql: SqlEngineFactory, source: string, scratch: string): Promise<void> {
  const engine = await sql.open();
  const out = (name: string) => `to ${quote(join(scratch, `hand-${name}.parquet`))} (format parquet, compression zstd)`;
  try {
    await engine.execute(`
      create table clean as
        select regexp_replace(CustomerID, '\\.0+$', '') as customer, upper(trim(StockCode)) as product, cast(InvoiceDate as date) as date,
          cast(Quantity as double) as quantity, cast(UnitPrice as double) as price, InvoiceNo as invoice, Country as market, trim(Description) as description
        from read_csv(${quote(join(source, '*.csv.gz'))}, header = true, all_varchar = true, quote = '"', escape = '"')
        where CustomerID <> '' and cast(Quantity as double) > 0 and cast(UnitPrice as double) > 0 and not starts_with(InvoiceNo, 'C')
          and regexp_matches(upper(StockCode), '^[0-9]{5}');
      copy (select customer, mode(market) as market from clean group by customer order by customer) ${out('customers')};
      copy (select product, mode(description) as description from clean group by product order by product) ${out('products')};
      copy (select * exclude (market, description) from clean order by date, invoice, customer, product, quantity, price) ${out('sales')};
      copy (
        select customer, product, count(distinct date) as orders, sum(quantity) as units, sum(quantity * price) as spend, min(date) as first_date, max(date) as last_date,
          case when count(distinct date) > 1 then (max(date) - min(date)) / (count(distinct date) - 1.0) end as cadence_days
        from clean group by customer, product order by customer, product) ${out('interactions')};`);
  } finally {
    await engine.close();
  }
}

/** A measurement of two things that differ is none. */
async function sameRows(sql: SqlEngineFactory, ours: string, theirs: string): Promise<void> {
  const engine = await sql.open();
  try {
    const sums = 'count(*) as rows, sum(quantity) as units, round(sum(quantity * price), 2) as spend';
    const [[own], [hand]] = [
      await engine.query(`select ${sums} from read_parquet(${quote(ours)})`),
      await engine.query(`select ${sums} from read_parquet(${quote(theirs)})`),
    ];
    if (JSON.stringify(own) !== JSON.stringify(hand))
      throw new Error(`The tables differ: ${JSON.stringify(own)}, by hand ${JSON.stringify(hand)}`);
  } finally {
    await engine.close();
  }
}
