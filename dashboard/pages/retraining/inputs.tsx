import type { ReactElement, ReactNode } from 'react';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import { TimeChart } from '../../charts/time-chart.tsx';
import { number } from '../../format/number.ts';
import { duration, exact } from '../../format/time.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Columns } from '../../ui/layout.tsx';
import { Time } from '../../ui/time.tsx';
import styles from './retraining.module.css';
import { ruleName } from './words.ts';

interface DayValue {
  readonly day: string;
  readonly value: number;
}

const isSeries = (value: Json | undefined): value is Json[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => typeof one === 'object' && one !== null && 'day' in one && 'value' in one);

/** Series among the inputs, by their names: those of key figures, labels and volumes. */
function seriesOf(inputs: JsonObject): [string, DayValue[]][] {
  const kpis = Object.entries((inputs['kpis'] ?? {}) as JsonObject);
  const own = (['labelled', 'volume'] as const).map((name) => [name, inputs[name]] as const);
  return [...kpis, ...own].flatMap(([name, value]) =>
    isSeries(value) ? [[name, value as unknown as DayValue[]] as [string, DayValue[]]] : [],
  );
}

const inputNames: Readonly<Record<string, string>> = {
  championVersion: 'Champion then',
  wanted: 'Asked for training',
  trainingParams: 'Training parameters',
  labelled: 'Labelled rows',
  drift: 'Drift',
  findings: 'Faults of the data',
  trainings: 'Trainings before',
  day: 'Day',
  columns: 'Columns',
  drifted: 'Drifted',
  kind: 'Kind',
  text: 'In words',
  hours: 'Took',
  outcome: 'Outcome',
  rules: 'Rules',
  rows: 'Rows',
  at: 'Began',
  endedAt: 'Ended',
  promotedAt: 'Promoted',
  dataEnd: 'Data end',
  inRollout: 'In a rollout',
  volume: 'Rows of the day',
};

type InputRow = Readonly<Record<string, Json>>;

/** Lists of the inputs, each as a table: drift, faults of the data, trainings. */
function listsOf(inputs: JsonObject): [string, InputRow[]][] {
  return (['drift', 'findings', 'trainings'] as const).flatMap((name) => {
    const value = inputs[name];
    return Array.isArray(value) && value.length > 0 ? [[name, value as InputRow[]] as [string, InputRow[]]] : [];
  });
}

function wordsOf(value: Json | undefined): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT/.test(value) ? exact(value) : value;
  if (Array.isArray(value)) return value.map(wordsOf).join(', ') || 'none';
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, one]) => `${name} ${wordsOf(one)}`)
      .join(', ');
  return String(value);
}

/** A value of a list, with its unit; times as elsewhere. */
function cellOf(key: string, value: Json | undefined): ReactNode {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return <Time at={value} />;
  if (key === 'hours' && typeof value === 'number') return duration(value * 3_600_000);
  if (key === 'rules' && Array.isArray(value)) return value.map((rule) => ruleName(String(rule))).join(', ');
  return wordsOf(value);
}

/** What a decision has read: series drawn, lists as tables, and the rest. */
export function Inputs({ inputs }: { readonly inputs: JsonObject }): ReactElement {
  const all = seriesOf(inputs);
  const series = all.filter(([, points]) => points.length > 1);
  const lists = listsOf(inputs);
  const drawn = new Set(['kpis', ...all.map(([name]) => name), ...lists.map(([name]) => name)]);
  const plain = [
    ...all
      .filter(([, points]) => points.length === 1)
      .map(([name, points]) => [nameOf(name), points.map(({ day, value }) => `${number(value)} on ${day}`)] as const),
    ...Object.entries(inputs)
      .filter(([name]) => !drawn.has(name))
      .map(([name, value]) => [nameOf(name), wordsOf(value)] as const),
  ];
  return (
    <div className={styles.read}>
      <Facts facts={plain} />
      <Columns>
        {series.map(([name, points]) => (
          <TimeChart
            key={name}
            title={`${nameOf(name)}, as it was known then`}
            times={points.map(({ day }) => Date.parse(day))}
            series={[{ label: nameOf(name), values: points.map(({ value }) => value) }]}
            format={number}
          />
        ))}
      </Columns>
      {lists.map(([name, rows]) => (
        <div key={name} className={styles.list}>
          <h3>{nameOf(name)}</h3>
          <DataTable
            label={nameOf(name)}
            columns={Object.keys(rows[0] ?? {}).map(
              (key): Column<InputRow> => ({
                id: key,
                header: nameOf(key),
                cell: (row) => <div className={styles.cell}>{cellOf(key, row[key])}</div>,
              }),
            )}
            rows={rows}
            rowId={(row) => JSON.stringify(row)}
          />
        </div>
      ))}
    </div>
  );
}

const nameOf = (name: string): string => inputNames[name] ?? name;
