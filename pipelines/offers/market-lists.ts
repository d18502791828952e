import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PerennialError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { MarketListInfo, MarketListKind, MarketListRow } from '../../contracts/market-lists.ts';
import type { Lake, PartitionInfo } from '../../domain/ports/lake.ts';
import type { MarketLists, OpenMarketList } from '../../domain/ports/market-lists.ts';
import type { SqlEngine, SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import { datasets } from './datasets.ts';
import { marketListLinesSql } from './market-list-sql.ts';

/** Lines held in memory at a time. */
const chunk = 2_000;

/**
 * The lists of markets as the lake has them.
 *
 * @param scratch folder for copies of the lists that are being read: a run that replaces a list meanwhile must not leave a
 *   reader with half of it.
 */
export function marketLists({
  lake,
  sql,
  scratch,
}: {
  lake: Lake;
  sql: SqlEngineFactory;
  scratch: string;
}): MarketLists {
  const partitionOf = async ({ market, asOf }: Pick<MarketListInfo, 'market' | 'asOf'>): Promise<PartitionInfo> => {
    const [partition] = await lake.list(datasets.marketLists, { market, date: asOf });
    if (partition) return partition;
    throw new PerennialError('NOT_FOUND', `The list of the market "${market}" on ${asOf} is gone.`, {
      remedy: 'Ask again without asOf for the newest list.',
    });
  };
  /** A version that was replaced between looking and reading is looked for again. */
  const reading = async <T>(list: MarketListInfo, read: (uri: string) => Promise<T>): Promise<T> => {
    const { uri, sha256 } = await partitionOf(list);
    try {
      return await read(uri);
    } catch (error) {
      const now = await partitionOf(list);
      if (now.sha256 === sha256 && now.uri === uri) throw error;
      return read(now.uri);
    }
  };
  return {
    async find(market, asOf) {
      const filter = asOf === undefined ? { market } : { market, date: asOf };
      const found = (await lake.list(datasets.marketLists, filter)).at(-1);
      return found ? { market, asOf: found.partition['date'] ?? '', rows: found.rows } : null;
    },
    async page(list, { after = 0, limit, ...filter }) {
      return reading(list, (uri) =>
        withEngine(sql, async (engine) =>
          (
            await engine.query(
              `select * from (${marketListLinesSql(uri, filter)}) where rank > ${after} order by rank limit ${limit}`,
            )
          ).map(toRow),
        ),
      );
    },
    async open(list, filter) {
      await mkdir(scratch, { recursive: true });
      const folder = await mkdtemp(join(scratch, 'list-'));
      const file = join(folder, 'list.parquet');
      try {
        await reading(list, (uri) =>
          withEngine(sql, (engine) =>
            engine.execute(
              `copy (select *, ${quote(list.market)} as market, date ${quote(list.asOf)} as as_of from (${marketListLinesSql(uri, filter)}) order by rank)
               to ${quote(file)} (format parquet, compression zstd, row_group_size 8192)`,
            ),
          ),
        );
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
      return openCopy(sql, file, folder, list.rows);
    },
  };
}

function openCopy(sql: SqlEngineFactory, file: string, folder: string, last: number): OpenMarketList {
  return {
    async *rows() {
      const engine = await sql.open();
      try {
        for (let from = 0; from < last; from += chunk) {
          const rows = await engine.query(
            `select * from read_parquet(${quote(file)}) where rank > ${from} and rank <= ${from + chunk} order by rank`,
          );
          if (rows.length > 0) yield rows.map(toRow);
        }
      } finally {
        await engine.close();
      }
    },
    parquet: () => createReadStream(file),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function withEngine<T>(sql: SqlEngineFactory, work: (engine: SqlEngine) => Promise<T>): Promise<T> {
  const engine = await sql.open();
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

function toRow(row: JsonObject): MarketListRow {
  return {
    rank: Number(row['rank']),
    kind: row['kind'] as MarketListKind,
    customerId: String(row['customer_id']),
    productId: String(row['product_id']),
    description: String(row['description']),
    probability: Number(row['probability']),
    expectedRevenue: Number(row['expected_revenue']),
    discount: row['discount'] === null ? null : Number(row['discount']),
    reason: String(row['reason']),
  };
}
