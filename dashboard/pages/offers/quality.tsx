import type { ReactElement } from 'react';
import type { OutcomeQuality } from '../../../contracts/outcomes.ts';
import { links } from '../../app/links.ts';
import { count, percent } from '../../format/number.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Calibration } from './calibration.tsx';
import { Figures } from './figures.tsx';
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
    header: 'Predicted',
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
      heldOut === 0 ? (
        <span className="muted">nobody held out</span>
      ) : (
        `${share(heldOutConversion)} of ${count(heldOut)}`
      ),
  },
];

/** Whether what was predicted came true: offers by chance and version, and the lists over time. */
export function Quality({ market }: { readonly market: string }): ReactElement {
  const quality = useQuality(market);
  const versions = quality.data ?? [];
  return (
    <>
      <Calibration market={market} versions={versions} />
      <Section title="Offers by version" aside={<span>of the last 90 days</span>}>
        <Loaded query={quality} lines={4}>
          {(rows) => (
            <DataTable
              label="Offers by version"
              columns={columns}
              rows={rows}
              rowId={({ modelVersion }) => String(modelVersion)}
              empty={<p className="muted">No offer was chosen in these days.</p>}
            />
          )}
        </Loaded>
      </Section>
      <Section title="Lists over time" aside={<span>of the last 90 days</span>}>
        <Figures market={market} days={90} />
      </Section>
    </>
  );
}
