import type { PartitionInfo } from '../../../domain/ports/lake.ts';
import { quoteList } from '../../../domain/preprocessing/sql.ts';

/** Types of the columns of the dataset of documents. */
export const documentColumns =
  "{customer_id: 'VARCHAR', source: 'VARCHAR', sha256: 'VARCHAR', batch: 'VARCHAR', position: 'INTEGER', sentence: 'VARCHAR', language: 'VARCHAR'}";

/**
 * Rows of what each file of each customer says now: of its newest batch. A file without a sentence has one row, whose
 * position is −1.
 */
export function currentDocumentsSql(partitions: readonly Pick<PartitionInfo, 'uri'>[]): string {
  return `(select * from read_parquet(${quoteList(partitions.map(({ uri }) => uri))}, hive_partitioning = false)
    qualify batch = max(batch) over (partition by customer_id, source))`;
}
