import { useParams } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import type { ListDay, MarketSummary } from '../../../contracts/market-lists.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { plural } from '../../format/number.ts';
import { Select } from '../../ui/field.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Page } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { ChosenOffers } from './chosen-offers.tsx';
import { Gaps, Outside } from './gaps.tsx';
import { MarketList } from './market-list.tsx';
import { Quality } from './quality.tsx';
import { useDays, useMarkets } from './queries.ts';
import { fullDay, money } from './words.ts';

/** A market on a day: its list, offers, gaps, and how right they are. */
export default function Market(): ReactElement {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const { tab = 'list', asOf } = useAddress();
  const set = useSetAddress();
  const days = useDays(id);
  const summary = useMarkets().data?.find(({ market }) => market === id);
  const crumbs = <Go href={links.offers}>Offers</Go>;
  if (!days.data)
    return (
      <Page title={id} crumbs={crumbs}>
        <Loaded query={days}>{() => null}</Loaded>
      </Page>
    );
  const day = days.data.find((one) => one.asOf === asOf) ?? (days.data[0] as ListDay);
  const isNewest = day === days.data[0];
  const place = { market: id, asOf: day.asOf };
  return (
    <Page
      title={id}
      crumbs={crumbs}
      answer={answerOf(day, isNewest ? summary : undefined)}
      actions={
        <Select
          bare
          label="Day of the lists"
          value={day.asOf}
          choices={days.data.map((one, n) => ({
            value: one.asOf,
            label: n === 0 ? `${fullDay(one.asOf)} (newest)` : fullDay(one.asOf),
          }))}
          onChange={(value) => set({ asOf: value === days.data[0]?.asOf ? null : value })}
        />
      }
    >
      <Tabs
        label="Parts of the market"
        value={tab}
        onChange={(next) => set({ tab: next === 'list' ? null : next })}
        tabs={[
          { id: 'list', title: 'List', content: () => <MarketList {...place} /> },
          {
            id: 'offers',
            title: 'Offers',
            ...(isNewest && summary ? { count: summary.offers } : {}),
            content: () => <ChosenOffers {...place} />,
          },
          {
            id: 'gaps',
            title: 'Gaps',
            ...(isNewest && summary ? { count: summary.gaps } : {}),
            content: () => <Gaps {...place} />,
          },
          { id: 'outside', title: 'Not in the assortment', content: () => <Outside {...place} /> },
          { id: 'quality', title: 'Track record', content: () => <Quality market={id} /> },
        ]}
      />
    </Page>
  );
}

/** What there is on the day, and what made it. */
function answerOf({ asOf, runId, modelVersion }: ListDay, summary: MarketSummary | undefined): ReactNode {
  const revenue = summary?.figures['expected_revenue'];
  return (
    <>
      {summary
        ? `${plural(summary.customers, 'customer')} to talk to, with ${plural(summary.offers, 'offer')} and ${plural(summary.gaps, 'product')} that they use and do not buy here. `
        : `The lists of ${fullDay(asOf)}. `}
      {revenue ? `Together they are expected to bring ${money(revenue.value)}. ` : ''}
      Made by <Go href={links.version('offers-next-products', modelVersion)}>version {modelVersion}</Go> in{' '}
      <Go href={links.run(runId)}>this run</Go>.
    </>
  );
}
