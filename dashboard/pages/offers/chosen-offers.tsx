import { useRouter } from '@tanstack/react-router';
import { type ReactElement, useMemo } from 'react';
import type { ChosenOffer } from '../../../contracts/chosen-offers.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Paged } from '../../ui/paged.tsx';
import { Empty } from '../../ui/states.tsx';
import { Badge } from '../../ui/status.tsx';
import { customerLink, type MarketDayProps } from './market-list.tsx';
import styles from './offers.module.css';
import { useOffers } from './queries.ts';
import { chance, money } from './words.ts';

const columnsOf = (market: string): readonly Column<ChosenOffer>[] => [
  { id: 'rank', header: 'Place', card: 'mark', numeric: true, cell: ({ rank }) => rank },
  {
    id: 'customer',
    header: 'Customer',
    cell: ({ customerId }) => <Go href={customerLink(customerId, market)}>{customerId}</Go>,
  },
  {
    id: 'product',
    header: 'Product',
    grow: true,
    cell: ({ description, productId, reason, holdout }) => (
      <div className={styles.talk}>
        <span title={productId}>
          {description || productId} {holdout ? <Badge tone="paused">control group: not to be made</Badge> : null}
        </span>
        <span className={styles.reason}>{reason}</span>
      </div>
    ),
  },
  {
    id: 'discount',
    header: 'Discount',
    numeric: true,
    cell: ({ discount }) => `${discount}%`,
    sort: ({ discount }) => discount,
  },
  {
    id: 'chance',
    header: 'Chance with it',
    numeric: true,
    wide: true,
    cell: ({ probability }) => chance(probability),
    sort: ({ probability }) => probability,
  },
  {
    id: 'without',
    header: 'Chance without',
    numeric: true,
    wide: true,
    cell: ({ probabilityWithout }) => chance(probabilityWithout),
    sort: ({ probabilityWithout }) => probabilityWithout,
  },
  {
    id: 'spend',
    header: 'Costs',
    numeric: true,
    wide: true,
    cell: ({ spend }) => money(spend),
    sort: ({ spend }) => spend,
  },
  {
    id: 'margin',
    header: 'Adds to margin',
    numeric: true,
    cell: ({ incrementalMargin }) => money(incrementalMargin),
    sort: ({ incrementalMargin }) => incrementalMargin,
  },
];

/** Offers chosen under the budget, by what they add to the margin. */
export function ChosenOffers({ market, asOf }: MarketDayProps): ReactElement {
  const router = useRouter();
  const { holdouts } = useAddress();
  const set = useSetAddress();
  const query = useOffers(market, asOf, holdouts === 'true');
  const columns = useMemo(() => columnsOf(market), [market]);
  return (
    <>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={holdouts === 'true'}
          onChange={(event) => set({ holdouts: event.target.checked ? 'true' : null })}
        />
        <span>
          Show the control group too
          <span className={styles.reason}>
            Customers drawn by chance to get no offer, so that what offers do can be measured
          </span>
        </span>
      </label>
      <Paged query={query}>
        {(pages) => (
          <DataTable
            label="Offers"
            columns={columns}
            rows={pages.flatMap(({ offers }) => offers)}
            rowId={({ rank }) => String(rank)}
            onOpen={({ customerId }) => router.history.push(customerLink(customerId, market))}
            empty={
              <Empty title="No offer was chosen for this day" command="perennial ingest offers --outcomes offers.csv">
                Offers are chosen once it is known what became of earlier ones: that a discount leads to sales has to be
                learned.
              </Empty>
            }
          />
        )}
      </Paged>
    </>
  );
}
