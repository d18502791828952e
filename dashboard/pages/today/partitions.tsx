import type { ReactElement } from 'react';
import type { PipelineHealth } from '../../../contracts/overview.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { Matrix } from '../../charts/matrix.tsx';
import { useNow, utcDate } from '../../format/time.ts';
import { Select } from '../../ui/field.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { cellOf } from './cell.ts';
import { Partition } from './partition.tsx';
import { usePartitions } from './queries.ts';

const spans = [
  { value: '14', label: '2 weeks' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'a year' },
] as const;
const dayMs = 86_400_000;
const month = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' });
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' });

/** Markets by days of a pipeline whose work has partitions: the state of each, and what is unusual about it. */
export function Partitions({ pipelines }: { readonly pipelines: readonly PipelineHealth[] }): ReactElement | null {
  const { pipeline: asked, days = '30', cell: at } = useAddress();
  const set = useSetAddress();
  const now = useNow(60_000);
  const divided = pipelines.filter(({ day }) => day !== null);
  const chosen = divided.find((one) => one.pipeline === asked) ?? divided[0];
  const pipeline = chosen?.pipeline ?? '';
  const today = new Date(now).toISOString().slice(0, 10);
  const before = (day: string): string =>
    new Date(Date.parse(day) - (Number(days) - 1) * dayMs).toISOString().slice(0, 10);
  const newest = chosen?.day?.date ?? today;
  // Work on data of long ago, such as those of the demo, is shown up to its own newest day.
  const to = newest < before(today) ? newest : today;
  const from = before(to);
  const query = usePartitions(pipeline, from, to);
  if (divided.length === 0) return null;
  return (
    <Section
      title="Markets by days"
      aside={
        <>
          {to === today ? null : <span>up to {utcDate(Date.parse(to))}</span>}
          {divided.length > 1 ? (
            <Select
              bare
              label="Pipeline"
              value={pipeline}
              choices={divided.map((one) => ({ value: one.pipeline, label: one.title }))}
              onChange={(value) => set({ pipeline: value, cell: null })}
            />
          ) : null}
          <Select
            bare
            label="Span"
            value={days}
            choices={spans}
            onChange={(value) => set({ days: value, cell: null }, true)}
          />
        </>
      }
    >
      <Loaded query={query} lines={10}>
        {(matrix) => {
          const [key, date] = split(at);
          const selected = { row: matrix.keys.indexOf(key), column: matrix.days.indexOf(date) };
          return matrix.keys.length === 0 ? (
            <Empty
              title="No partitions in these days"
              command={`perennial backfill ${pipeline} --from ${from} --to ${to}`}
            >
              Each day and market that a run has worked on is a cell here.
            </Empty>
          ) : (
            <>
              <Matrix
                label={`${pipeline}: markets by days`}
                rows={matrix.keys}
                columns={matrix.days.map((day, index) => ({
                  label: String(Number(day.slice(8))),
                  title: full.format(new Date(day)),
                  ...(index === 0 || day.endsWith('-01') ? { group: month.format(new Date(day)) } : {}),
                }))}
                cell={(row, column) => cellOf(matrix, row * matrix.days.length + column)}
                selected={selected}
                onOpen={(row, column) => set({ cell: `${matrix.days[column]}/${matrix.keys[row]}` })}
              />
              {selected.row >= 0 && selected.column >= 0 ? (
                <Partition
                  matrix={matrix}
                  row={selected.row}
                  column={selected.column}
                  onClose={() => set({ cell: null })}
                />
              ) : null}
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

/** A partition is named `2011-10-09/DE`. */
function split(at = ''): readonly [key: string, date: string] {
  const slash = at.indexOf('/');
  return [at.slice(slash + 1), at.slice(0, slash)];
}
