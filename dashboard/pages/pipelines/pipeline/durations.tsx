import { useRouter } from '@tanstack/react-router';
import { type ReactElement, useMemo } from 'react';
import type { RunDurations } from '../../../../contracts/run-insight.ts';
import { useAddress, useSetAddress } from '../../../app/address.ts';
import { links } from '../../../app/links.ts';
import { TimeChart } from '../../../charts/time-chart.tsx';
import { count } from '../../../format/number.ts';
import { duration, useNow } from '../../../format/time.ts';
import { Select } from '../../../ui/field.tsx';
import { Loaded, Section } from '../../../ui/page.tsx';
import { useDurations } from '../queries.ts';
import { durationSeries, durationWords } from '../words/run-durations.ts';

const spans = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'a year' },
] as const;
const hourMs = 3_600_000;

/** How long each run of a pipeline took, as points that lead to the runs. */
export function Durations({ pipeline }: { readonly pipeline: string }): ReactElement {
  const { days = '30' } = useAddress();
  const set = useSetAddress();
  // From the begun hour on, so that a page that stays open asks for the same again.
  const to = Math.floor(useNow(60_000) / hourMs) * hourMs + hourMs;
  const from = to - Number(days) * 24 * hourMs;
  const query = useDurations(pipeline, from, to);
  return (
    <Section
      title="How long they took"
      aside={<Select bare label="Span" value={days} choices={spans} onChange={(value) => set({ days: value }, true)} />}
    >
      <Loaded query={query} lines={6}>
        {(found) => <Chart found={found} from={from} to={to} />}
      </Loaded>
    </Section>
  );
}

interface ChartProps {
  readonly found: RunDurations;
  readonly from: number;
  readonly to: number;
}

function Chart({ found, from, to }: ChartProps): ReactElement {
  const router = useRouter();
  // The chart compares what it is given by identity first.
  const { ids, times, series, seconds } = useMemo(() => durationSeries(found), [found]);
  const hrefOf = (index: number): string => links.run(ids[index] ?? '');
  return (
    <>
      <p>
        {durationWords(seconds)}
        {found.more ? ` These are the newest ${count(ids.length)}; there are more in this time.` : ''}
      </p>
      <TimeChart
        title="From start to end"
        times={times}
        series={series}
        format={(value) => duration(value * 1_000)}
        fromZero
        inSeconds
        from={from}
        to={to}
        onPick={(index) => router.history.push(hrefOf(index))}
        hrefOf={hrefOf}
      />
    </>
  );
}
