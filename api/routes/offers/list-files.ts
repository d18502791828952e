import { Readable } from 'node:stream';
import { writeCsvStream } from 'hucre/csv';
import { type ColumnDef, writeXlsxStream } from 'hucre/xlsx';
import type { MarketListInfo, MarketListRow } from '../../../contracts/market-lists.ts';
import type { OpenMarketList } from '../../../domain/ports/market-lists.ts';

/** Forms of a market list beside JSON. */
export const listFiles = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
} as const;
export type ListFile = keyof typeof listFiles;

interface Column extends ColumnDef {
  readonly header: string;
  readonly width: number;
  readonly of: (row: MarketListRow, list: MarketListInfo) => string | number | null;
}

/** Columns of the files, named as those of the lake; money has the currency of the market. */
const columns: readonly Column[] = [
  { header: 'rank', width: 7, of: (row) => row.rank },
  { header: 'kind', width: 7, of: (row) => row.kind },
  { header: 'customer_id', width: 14, of: (row) => row.customerId },
  { header: 'product_id', width: 14, of: (row) => row.productId },
  { header: 'description', width: 38, of: (row) => row.description },
  { header: 'probability', width: 11, numFmt: '0.0%', of: (row) => row.probability },
  { header: 'expected_revenue', width: 17, numFmt: '#,##0.00', of: (row) => row.expectedRevenue },
  { header: 'discount', width: 9, numFmt: '0.##" %"', of: (row) => row.discount },
  { header: 'reason', width: 90, of: (row) => row.reason },
  { header: 'market', width: 16, of: (_, list) => list.market },
  { header: 'as_of', width: 11, of: (_, list) => list.asOf },
];

/** The file while it is made: memory does not grow with the list. */
export function listFile(format: ListFile, info: MarketListInfo, list: OpenMarketList): Readable {
  if (format === 'parquet') return list.parquet();
  async function* rows() {
    for await (const some of list.rows()) for (const row of some) yield columns.map(({ of }) => of(row, info));
  }
  const stream =
    format === 'csv'
      ? // A cell that a spreadsheet would take for a formula gets a ' before it (OWASP, CSV injection).
        writeCsvStream(rows(), { headers: columns.map(({ header }) => header), escapeFormulae: true })
      : writeXlsxStream(rows(), {
          name: 'List',
          columns: columns.map(({ header, width, numFmt }) => ({ header, width, ...(numFmt ? { numFmt } : {}) })),
          freezePane: { rows: 1 },
        });
  return Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]);
}

/** As a header: the name in ASCII, and as it is (RFC 6266). */
export function attachment(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/[^\w.-]+/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}
