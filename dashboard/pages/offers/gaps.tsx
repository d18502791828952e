import { useRouter } from '@tanstack/react-router';
import { type ReactElement, useMemo } from 'react';
import type { AssortmentGap, OutsideProduct } from '../../../contracts/gaps.ts';
import { count, number } from '../../format/number.ts';
import { ApiError } from '../../http/client.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded } from '../../ui/page.tsx';
import { Paged } from '../../ui/paged.tsx';
import { Empty } from '../../ui/states.tsx';
import { Evidence } from './evidence.tsx';
import { customerLink, type MarketDayProps } from './market-list.tsx';
import styles from './offers.module.css';
import { useGaps, useOutside } from './queries.ts';
import { chance, money } from './words.ts';

const gapColumns = (market: string): readonly Column<AssortmentGap>[] => [
  {
    id: 'customer',
    header: 'Customer',
    cell: ({ customerId }) => <Go href={customerLink(customerId, market)}>{customerId}</Go>,
    sort: ({ customerId }) => customerId,
  },
  {
    id: 'product',
    header: 'Uses, and does not buy here',
    grow: true,
    cell: ({ name, productId, evidence }) => (
      <div className={styles.talk}>
        <span title={productId ?? undefined}>{name}</span>
        <Evidence evidence={evidence} most={1} />
      </div>
    ),
    sort: ({ name }) => name,
  },
  {
    id: 'score',
    header: 'Certainty',
    numeric: true,
    wide: true,
    cell: ({ score }) => chance(score),
    sort: ({ score }) => score,
  },
  {
    id: 'yearly',
    header: 'Worth a year',
    numeric: true,
    wide: true,
    cell: ({ yearlyValue }) => (yearlyValue === null ? '–' : money(yearlyValue)),
    sort: ({ yearlyValue }) => yearlyValue,
  },
  {
    id: 'value',
    header: 'Expected value',
    numeric: true,
    cell: ({ expectedValue }) => (expectedValue === null ? '–' : money(expectedValue)),
    sort: ({ expectedValue }) => expectedValue,
  },
];

const none = (
  <Empty title="No gap is known" command="perennial ingest offers --documents DIR">
    What customers use is read from their own texts: menus, web pages, notes. The command brings them in.
  </Empty>
);

/** What customers use, as their texts say, and do not buy here; by value. */
export function Gaps({ market, asOf }: MarketDayProps): ReactElement {
  const router = useRouter();
  const query = useGaps(market, asOf);
  const columns = useMemo(() => gapColumns(market), [market]);
  if (isMissing(query.error)) return none;
  return (
    <Paged query={query}>
      {(pages) => {
        const rows = pages.flatMap(({ gaps }) => gaps);
        return (
          <>
            <DataTable
              label="Gaps"
              columns={columns}
              rows={rows}
              rowId={({ rank }) => String(rank)}
              onOpen={({ customerId }) => router.history.push(customerLink(customerId, market))}
              empty={none}
            />
            {rows.length === 0 ? null : (
              <p className="muted">
                Worth a year: what similar customers spend on the product. Expected value: that, weighed by how certain
                it is that the customer uses it.
              </p>
            )}
          </>
        );
      }}
    </Paged>
  );
}

const outsideColumns = (market: string): readonly Column<OutsideProduct>[] => [
  {
    id: 'name',
    header: 'In their words',
    grow: true,
    cell: ({ name, examples }) => (
      <div className={styles.talk}>
        <span>{name}</span>
        <Evidence evidence={examples} most={2} />
      </div>
    ),
    sort: ({ name }) => name,
  },
  {
    id: 'who',
    header: 'For example',
    wide: true,
    cell: ({ examples }) =>
      [...new Set(examples.map(({ customerId }) => customerId))].slice(0, 3).map((customer, n) => (
        <span key={customer}>
          {n > 0 ? ', ' : ''}
          <Go href={customerLink(customer, market)}>{customer}</Go>
        </span>
      )),
  },
  {
    id: 'customers',
    header: 'Customers that name it',
    numeric: true,
    cell: ({ customers }) => count(customers),
    sort: ({ customers }) => customers,
  },
  {
    id: 'expected',
    header: 'Customers expected',
    numeric: true,
    wide: true,
    cell: ({ expectedCustomers }) => number(Math.round(expectedCustomers * 10) / 10),
    sort: ({ expectedCustomers }) => expectedCustomers,
  },
];

/** What customers use and nobody here can sell them: for whoever decides what is bought in. */
export function Outside({ market, asOf }: MarketDayProps): ReactElement {
  const query = useOutside(market, asOf);
  const columns = useMemo(() => outsideColumns(market), [market]);
  if (isMissing(query.error)) return none;
  return (
    <Loaded query={query}>
      {(rows) => (
        <>
          <DataTable
            label="Not in the assortment"
            columns={columns}
            rows={rows}
            rowId={({ name }) => name}
            empty={
              <Empty title="Nothing is missing in the assortment">
                Things that customers write of and that no product of the catalogue fits are listed here.
              </Empty>
            }
          />
          {rows.length === 0 ? null : (
            <p className="muted">Customers expected: those that name it, each weighed by how certain it is.</p>
          )}
        </>
      )}
    </Loaded>
  );
}

const isMissing = (error: Error | null): boolean => error instanceof ApiError && error.status === 404;
