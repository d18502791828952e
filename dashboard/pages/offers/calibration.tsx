import type { ReactElement } from 'react';
import type { OutcomeQuality, ReliabilityBin } from '../../../contracts/outcomes.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { CalibrationCurve } from '../../charts/calibration-curve.tsx';
import { count, percent } from '../../format/number.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Select } from '../../ui/field.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Mark } from '../../ui/status.tsx';
import styles from './offers.module.css';
import { useCalibration } from './queries.ts';
import { beyondChance, calibrationWords } from './words.ts';

const verdicts = {
  'too-much': <Mark tone="late" word="promised too much" />,
  'too-little': <Mark tone="late" word="promised too little" />,
} as const;

const columns: readonly Column<ReliabilityBin>[] = [
  {
    id: 'predicted',
    header: 'Chance given',
    numeric: true,
    cell: ({ predicted, lowest, highest }) => (
      <span title={`from ${percent(lowest)} to ${percent(highest)}`}>{percent(predicted)}</span>
    ),
    sort: ({ predicted }) => predicted,
  },
  {
    id: 'observed',
    header: 'Sold',
    numeric: true,
    cell: ({ observed }) => percent(observed),
    sort: (bin) => bin.observed,
  },
  {
    id: 'interval',
    header: '95% interval',
    numeric: true,
    cell: ({ interval }) => `${percent(interval.lower95)} to ${percent(interval.upper95)}`,
  },
  {
    id: 'rows',
    header: 'Offers',
    numeric: true,
    wide: true,
    cell: ({ sold, rows }) => `${count(sold)} of ${count(rows)}`,
    sort: ({ rows }) => rows,
  },
  {
    id: 'verdict',
    header: 'Beyond chance',
    wide: true,
    grow: true,
    cell: (bin) => {
      const found = beyondChance(bin);
      return found === null ? <span className="muted">no</span> : verdicts[found];
    },
  },
];

export interface CalibrationProps {
  readonly market: string;
  /** Versions that have chosen offers. */
  readonly versions: readonly OutcomeQuality[];
}

/** Whether offers of a market sold as often as was predicted. */
export function Calibration({ market, versions }: CalibrationProps): ReactElement {
  const { version = '' } = useAddress();
  const set = useSetAddress();
  const query = useCalibration(market, version);
  return (
    <Section
      title="Calibration of offers"
      aside={
        versions.length > 1 ? (
          <Select
            bare
            label="Version that chose them"
            value={version}
            choices={[
              { value: '', label: 'All versions' },
              ...versions.map(({ modelVersion: v }) => ({ value: String(v), label: `Version ${v}` })),
            ]}
            onChange={(value) => set({ version: value || null }, true)}
          />
        ) : undefined
      }
    >
      <Loaded query={query} lines={10}>
        {(found) =>
          found.outcomes === 0 ? (
            <Empty title="No outcome of an offer is known" command="perennial ingest offers --outcomes offers.csv">
              Tell on the page of a customer whether an offer sold, or bring a file in: then it shows here whether
              offers sell as often as predicted.
            </Empty>
          ) : (
            <>
              <p>{calibrationWords(found)}</p>
              <div className={styles.reliability}>
                <CalibrationCurve
                  title="Share of offers that sold, by the chance they were given"
                  words={{ predicted: 'chance given', observed: 'sold' }}
                  bins={found.bins}
                />
                <DataTable
                  label="Offers by the chance they were given"
                  columns={columns}
                  rows={found.bins}
                  rowId={({ predicted }) => String(predicted)}
                />
              </div>
              <p className={styles.means}>
                {count(found.outcomes)} of {count(found.offers)} offers of the last 90 days have a known outcome. They
                stand in groups of equal size by the chance they were given; the bars are 95% intervals.
              </p>
            </>
          )
        }
      </Loaded>
    </Section>
  );
}
