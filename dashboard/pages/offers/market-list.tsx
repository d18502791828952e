import { useRouter } from '@tanstack/react-router';
import { type ReactElement, useEffect, useMemo, useState } from 'react';
import type { MarketListRow } from '../../../contracts/market-lists.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { useDebounced } from '../../app/debounced.ts';
import { links } from '../../app/links.ts';
import { plural } from '../../format/number.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { DownloadMenu } from '../../ui/download-menu.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Go } from '../../ui/go.tsx';
import { Paged } from '../../ui/paged.tsx';
import { Empty } from '../../ui/states.tsx';
import { Badge } from '../../ui/status.tsx';
import styles from './offers.module.css';
import { listFile, useList } from './queries.ts';
import { chance, kindWords, money } from './words.ts';

export interface MarketDayProps {
  readonly market: string;
  /** YYYY-MM-DD. */
  readonly asOf: string;
}

export const customerLink = (customer: string, market: string): string =>
  `${links.customer(customer)}?market=${encodeURIComponent(market)}`;

const columnsOf = (market: string): readonly Column<MarketListRow>[] => [
  { id: 'rank', header: 'Place', card: 'mark', numeric: true, cell: ({ rank }) => rank },
  {
    id: 'customer',
    header: 'Customer',
    cell: ({ customerId }) => <Go href={customerLink(customerId, market)}>{customerId}</Go>,
  },
  {
    id: 'kind',
    header: 'Kind',
    wide: true,
    cell: ({ kind, discount }) => (
      <Badge>{discount === null ? kindWords[kind] : `${kindWords[kind]}, ${discount}% off`}</Badge>
    ),
  },
  {
    id: 'product',
    header: 'Talk about',
    grow: true,
    cell: ({ productId, description, reason }) => (
      <div className={styles.talk}>
        <span title={productId}>{description || productId}</span>
        <span className={styles.reason}>{reason}</span>
      </div>
    ),
  },
  { id: 'chance', header: 'Chance', numeric: true, wide: true, cell: ({ probability }) => chance(probability) },
  { id: 'revenue', header: 'May bring', numeric: true, cell: ({ expectedRevenue }) => money(expectedRevenue) },
];

const kinds = [
  { value: '', label: 'Everything' },
  { value: 'offer', label: 'Offers' },
  { value: 'new', label: 'New to the customer' },
  { value: 'next', label: 'Bought before' },
] as const;

const formats = [
  ['xlsx', 'Excel (XLSX)'],
  ['csv', 'Table (CSV)'],
  ['parquet', 'Parquet'],
] as const;

/** What to talk about with which customer, by what it may bring. */
export function MarketList({ market, asOf }: MarketDayProps): ReactElement {
  const router = useRouter();
  const address = useAddress();
  const set = useSetAddress();
  const [text, setText] = useState(address['q'] ?? '');
  const q = useDebounced(text.trim(), 250);
  useEffect(() => set({ q }, true), [q, set]);
  const filter = { asOf, kind: address['kind'] ?? '', q };
  const query = useList(market, filter);
  const columns = useMemo(() => columnsOf(market), [market]);
  const isAll = filter.kind === '' && q === '';
  return (
    <>
      <div className={styles.tools}>
        <Field bare label="Find a customer or product">
          <input
            type="search"
            placeholder="Customer or product"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        <Select bare label="Kind" value={filter.kind} choices={kinds} onChange={(kind) => set({ kind })} />
        <DownloadMenu
          label={isAll ? 'Export the list' : 'Export what is found'}
          files={formats.map(([format, label]) => ({ label, href: listFile(market, filter, format) }))}
        />
      </div>
      <Paged query={query}>
        {(pages) => (
          <>
            <DataTable
              label="The list"
              columns={columns}
              rows={pages.flatMap(({ lines }) => lines)}
              rowId={({ rank }) => String(rank)}
              onOpen={({ customerId }) => router.history.push(customerLink(customerId, market))}
              empty={
                <Empty title={isAll ? 'Nothing is on the list' : 'Nothing on the list fits'}>
                  {isAll
                    ? 'No customer of this market is expected to buy anything.'
                    : 'Try fewer words, or everything.'}
                </Empty>
              }
            />
            {isAll && pages[0] ? (
              <p className="muted">
                {plural(pages[0].rows, 'line')} in all. Chance: of a purchase within the time of the forecast, for
                offers with the discount. May bring: the chance times what the customer then spends.
              </p>
            ) : null}
          </>
        )}
      </Paged>
    </>
  );
}
