import type { ReactElement } from 'react';
import type { Purchase, PurchasesAnswer } from '../../../contracts/purchases.ts';
import { plural } from '../../format/number.ts';
import { usePages } from '../../http/pages.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Section } from '../../ui/page.tsx';
import { Paged } from '../../ui/paged.tsx';
import styles from './offers.module.css';
import { fullDay, money, shortDay } from './words.ts';

const columns: readonly Column<Purchase>[] = [
  {
    id: 'product',
    header: 'Product',
    grow: true,
    cell: ({ productId, description, everyDays, orders }) => (
      <div className={styles.talk}>
        <span title={productId}>{description || productId}</span>
        <span className={styles.reason}>
          {everyDays === null
            ? 'Bought once.'
            : `Bought on ${plural(orders, 'day')}, every ${plural(Math.max(1, Math.round(everyDays)), 'day')} on average.`}
        </span>
      </div>
    ),
  },
  {
    id: 'last',
    header: 'Last bought',
    cell: ({ lastDay }) => <span title={fullDay(lastDay)}>{shortDay(lastDay)}</span>,
    sort: ({ lastDay }) => lastDay,
  },
  { id: 'units', header: 'Pieces', numeric: true, wide: true, cell: ({ units }) => units, sort: ({ units }) => units },
  { id: 'spend', header: 'Spent', numeric: true, cell: ({ spend }) => money(spend), sort: ({ spend }) => spend },
];

/** What the customer has bought here, those bought last first. */
export function Bought({ id, market }: { readonly id: string; readonly market: string }): ReactElement {
  const query = usePages<PurchasesAnswer>({
    key: ['offers', 'purchases', id],
    path: `/v1/offers/customers/${encodeURIComponent(id)}/purchases`,
    query: { market },
    cursor: 'after',
    limit: 10,
  });
  const known = query.data?.pages[0];
  return (
    <Section
      title="Has bought here"
      aside={
        known?.upTo ? (
          <span>
            {plural(known.products, 'product')} for {money(known.spend)}, up to {fullDay(known.upTo)}
          </span>
        ) : undefined
      }
    >
      <Paged query={query}>
        {(pages) => (
          <DataTable
            label="Has bought here"
            columns={columns}
            rows={pages.flatMap((page) => page.purchases)}
            rowId={({ productId }) => productId}
            empty={<p className="muted">No sale of this customer is in the lake.</p>}
          />
        )}
      </Paged>
    </Section>
  );
}
