import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import type { TablesOutput } from './outputs.ts';

/** A relation with the indices of the sales table, as `customer` or `product`, of what `customer_id` or `product_id` names. */
export async function placesSql(
  name: 'customer' | 'product',
  tables: TablesOutput['tables'],
  artifacts: ArtifactStore,
): Promise<string> {
  const file = await artifacts.getFile(name === 'customer' ? tables.customers : tables.products);
  return `(select ${name} as ${name}_id, row_number() over (order by ${name}) - 1 as ${name} from read_parquet(${quote(file)}))`;
}
