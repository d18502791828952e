import type { ReactElement } from 'react';
import type { OutcomeQuality } from '../../../contracts/outcomes.ts';
import { links } from '../../app/links.ts';
import { CalibrationCurve } from '../../charts/calibration-curve.tsx';
import { count, percent } from '../../format/number.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Figures } from './figures.tsx';
import styles from './offers.module.css';
import { useQuality } from './queries.ts';

const share = (value: number | null): string => (value === null ? '–' : percent(value));

const columns: readonly Column<OutcomeQuality>[] = [
  {
    id: 'version',
    header: 'Chosen by',
    grow: true,
    cell: ({ modelVersion }) => <Go href={links.version('offers-response', modelVersion)}>version {modelVersion}</Go>,
    sort: ({ modelVersion }) => modelVersion,
  },
  { id: 'offers', header: 'Offers', numeric: true, cell: ({ offers }) => count(offers), sort: ({ offers }) => offers },
  {
    id: 'outcomes',
    header: 'Outcome known',
    numeric: true,
    wide: true,
    cell: ({ outcomes }) => count(outcomes),
    sort: ({ outcomes }) => outcomes,
  },
  {
    id: 'predicted',
    header: 'Were to sell',
    numeric: true,
    cell: ({ predicted }) => share(predicted),
    sort: ({ predicted }) => predicted,
  },
  {
    id: 'conversion',
    header: 'Sold',
    numeric: true,
    cell: ({ conversion }) => share(conversion),
    sort: ({ conversion }) => conversion,
  },
  {
    id: 'held',
    header: 'Sold without an offer',
    numeric: true,
    wide: true,
    cell: ({ heldOut, heldOutConversion }) =>
      heldOut === 0 ? '–' : <span title={`${heldOut} customers that got none`}>{share(heldOutConversion)}</span>,
  },
  {
    id: 'error',
    header: 'Chances off by',
    numeric: true,
    wide: true,
    cell: ({ calibrationError }) => share(calibrationError),
    sort: ({ calibrationError }) => calibrationError,
  },
];

/** Whether what was said came true: offers by version, and the lists over time. */
export function Quality({ market }: { readonly market: string }): ReactElement {
  const quality = useQuality(market);
  return (
    <>
      <Section title="Offers of the last 90 days">
        <Loaded query={quality} lines={4}>
          {(rows) => (
            <>
              <DataTable
                label="Offers by version"
                columns={columns}
                rows={rows}
                rowId={({ modelVersion }) => String(modelVersion)}
                empty={
                  <Empty
                    title="No outcome of an offer is known"
                    command="perennial ingest offers --outcomes offers.csv"
                  >
                    Tell on the page of a customer whether an offer sold, or bring a file in.
                  </Empty>
                }
              />
              <div className={styles.charts}>
                {rows
                  .filter(({ bins }) => bins.length > 0)
                  .map(({ modelVersion, bins }) => (
                    <CalibrationCurve
                      key={modelVersion}
                      title={`Version ${modelVersion}: did offers sell as often as it said?`}
                      bins={bins}
                    />
                  ))}
              </div>
            </>
          )}
        </Loaded>
      </Section>
      <Section title="Lists over time">
        <Figures market={market} days={90} />
      </Section>
    </>
  );
}
