import { useRouter } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { MarketSummary, NewestFigure } from '../../../contracts/market-lists.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { count, percent } from '../../format/number.ts';
import { useNow } from '../../format/time.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Select } from '../../ui/field.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Page, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Mark } from '../../ui/status.tsx';
import { Figures } from './figures.tsx';
import { FindCustomer } from './find-customer.tsx';
import { useIsRunning, useMarkets } from './queries.ts';
import { answerOf, fullDay, money, newestDay, shortDay, times } from './words.ts';

const figure = ({ figures }: MarketSummary, name: string): NewestFigure | undefined => figures[name];

/** A figure that may be older than the list: then it says of when. */
function dated(market: MarketSummary, name: string, write: (value: number) => string): ReactElement {
  const known = figure(market, name);
  if (!known) return <span className="muted">–</span>;
  return <span title={`Of ${fullDay(known.date)}`}>{write(known.value)}</span>;
}

const columnsOf = (newest: string): readonly Column<MarketSummary>[] => [
  {
    id: 'market',
    header: 'Market',
    cell: ({ market }) => <Go href={links.market(market)}>{market}</Go>,
    sort: ({ market }) => market,
  },
  {
    id: 'day',
    header: 'Newest list',
    cell: ({ asOf }) =>
      asOf < newest ? <Mark tone="late" word={shortDay(asOf)} /> : <span title={fullDay(asOf)}>{shortDay(asOf)}</span>,
    sort: ({ asOf }) => asOf,
  },
  {
    id: 'customers',
    header: 'Customers',
    numeric: true,
    wide: true,
    cell: (one) => count(one.customers),
    sort: (one) => one.customers,
  },
  {
    id: 'offers',
    header: 'Offers',
    numeric: true,
    wide: true,
    cell: (one) => count(one.offers),
    sort: (one) => one.offers,
  },
  { id: 'gaps', header: 'Gaps', numeric: true, wide: true, cell: (one) => count(one.gaps), sort: (one) => one.gaps },
  {
    id: 'revenue',
    header: 'Expected revenue',
    numeric: true,
    cell: (one) => dated(one, 'expected_revenue', money),
    sort: (one) => figure(one, 'expected_revenue')?.value,
  },
  {
    id: 'realised',
    header: 'Realised',
    numeric: true,
    wide: true,
    cell: (one) => dated(one, 'realised_revenue_share', percent),
    sort: (one) => figure(one, 'realised_revenue_share')?.value,
  },
  {
    id: 'lift',
    header: 'Lift',
    numeric: true,
    wide: true,
    cell: (one) => dated(one, 'lift_over_popularity', times),
    sort: (one) => figure(one, 'lift_over_popularity')?.value,
  },
  {
    id: 'calibration',
    header: 'Calibration error',
    numeric: true,
    wide: true,
    cell: (one) => dated(one, 'calibration_error', percent),
    sort: (one) => figure(one, 'calibration_error')?.value,
  },
  {
    id: 'version',
    header: 'Made by',
    wide: true,
    cell: ({ modelVersion }) => (
      <Go href={links.version('offers-next-products', modelVersion)}>version {modelVersion}</Go>
    ),
    sort: ({ modelVersion }) => modelVersion,
  },
];

/** Which markets have their lists, and what the lists are worth. */
export default function Offers(): ReactElement {
  const router = useRouter();
  const { market = '', days = '30' } = useAddress();
  const set = useSetAddress();
  const markets = useMarkets();
  const isRunning = useIsRunning();
  const today = new Date(useNow(60_000)).toISOString().slice(0, 10);
  const newest = newestDay(markets.data ?? []);
  return (
    <Page
      title="Offers"
      answer={markets.data ? answerOf(markets.data, today, isRunning) : undefined}
      actions={<FindCustomer />}
    >
      <Loaded query={markets} lines={6}>
        {(rows) => (
          <>
            <DataTable
              label="Markets"
              columns={columnsOf(newest)}
              rows={rows}
              rowId={(one) => one.market}
              onOpen={(one) => router.history.push(links.market(one.market))}
              empty={
                <Empty title="No market has lists yet" command="perennial run offers">
                  Each run of the pipeline offers makes a list for every market: what to talk about with which customer.
                </Empty>
              }
            />
            {rows.length === 0 ? null : (
              <>
                <p className="muted">
                  Gaps: products that customers use, as their own texts say, and do not buy here. Realised: revenue that
                  came in, as a share of what was expected. Lift: purchases found, as a multiple of what a list of the
                  best-sellers finds. Calibration error: how far chances are off on average. Amounts are in the currency
                  of their market.
                </p>
                <Section
                  title="Over time"
                  aside={
                    <>
                      <Select
                        bare
                        label="Market"
                        value={market}
                        choices={[
                          { value: '', label: 'All markets' },
                          ...rows.map((one) => ({ value: one.market, label: one.market })),
                        ]}
                        onChange={(value) => set({ market: value }, true)}
                      />
                      <Select
                        bare
                        label="Span"
                        value={days}
                        choices={spans}
                        onChange={(value) => set({ days: value === '30' ? null : value }, true)}
                      />
                    </>
                  }
                >
                  <Figures market={market} days={Number(days)} />
                </Section>
              </>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

const spans = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'a year' },
] as const;
