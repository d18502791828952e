import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PerennialError } from '../../../contracts/errors.ts';
import type { SqlEngine } from '../../../domain/ports/sql-engine.ts';
import { quote } from '../../../domain/preprocessing/sql.ts';

/** Columns read of each Parquet table of a folder like The Complete Journey's. */
export const couponTables = {
  transactions_sample: ['household_id', 'product_id', 'sales_value', 'transaction_timestamp'],
  products: ['product_id', 'manufacturer_id', 'department', 'product_category', 'product_type'],
  coupons: ['campaign_id', 'coupon_upc', 'product_id'],
  coupon_redemptions: ['household_id', 'campaign_id', 'coupon_upc', 'redemption_date'],
  campaign_descriptions: ['campaign_id', 'start_date'],
  campaigns: ['campaign_id', 'household_id'],
} as const;
export type CouponTable = keyof typeof couponTables;

/** Whether the folder holds the table. */
export async function hasTable(folder: string, table: CouponTable): Promise<boolean> {
  return (await stat(join(folder, `${table}.parquet`)).catch(() => null)) !== null;
}

/**
 * A select over `table`.parquet of a folder, its columns as they are named in {@link couponTables}.
 *
 * @throws SOURCE_INVALID naming the file, and the columns it lacks.
 */
export async function tableOf(engine: SqlEngine, folder: string, table: CouponTable): Promise<string> {
  const file = join(folder, `${table}.parquet`);
  if (!(await hasTable(folder, table)))
    throw new PerennialError('SOURCE_INVALID', `The folder "${folder}" holds no ${table}.parquet.`, {
      remedy: `Name a folder with the tables of the coupons; ${table} needs the columns ${couponTables[table].join(', ')}.`,
    });
  let found: string[];
  try {
    const columns = await engine.query(`describe select * from read_parquet(${quote(file)})`);
    found = columns.map((column) => String(column['column_name']));
  } catch (error) {
    throw new PerennialError(
      'SOURCE_INVALID',
      `${file} cannot be read as Parquet: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      { remedy: 'Copy the file again; a file still being written is the usual cause.', cause: error },
    );
  }
  const missing = couponTables[table].filter((name) => !found.includes(name));
  if (missing.length > 0)
    throw new PerennialError(
      'SOURCE_INVALID',
      `${file} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}; it has ${found.join(', ')}.`,
      { remedy: `Give ${table}.parquet the columns ${couponTables[table].join(', ')}.` },
    );
  return `select ${couponTables[table].join(', ')} from read_parquet(${quote(file)})`;
}
