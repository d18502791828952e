import type { ReactElement } from 'react';
import type { Json } from '../../../contracts/json.ts';
import type { Differing, MetricComparison, ModelComparison } from '../../../contracts/model-comparison.ts';
import type { TrainedOn } from '../../../contracts/models.ts';
import { bytes, count } from '../../format/number.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Mark } from '../../ui/status.tsx';
import { Change } from './change.tsx';
import { useComparison } from './queries.ts';
import { metricText, relativeText } from './words.ts';

const jsonText = (value: Json | null): string =>
  value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
const dataText = (data: TrainedOn | null): string =>
  data === null
    ? '–'
    : `${count(data.rows)} rows${data.asOf ? ` before ${data.asOf}` : ''}, ${data.sha256.slice(0, 8)}`;

/** Metrics side by side: which version has the better one, and by how much. */
export function MetricTable({
  label,
  a,
  b,
  metrics,
}: {
  readonly label: string;
  readonly a: string;
  readonly b: string;
  readonly metrics: readonly MetricComparison[];
}): ReactElement {
  const value = (metric: MetricComparison, side: 'a' | 'b'): ReactElement | string => {
    const number = metric[side];
    if (number === null) return '–';
    const text = metricText(number, metric);
    return metric.winner === side ? <strong>{text}</strong> : text;
  };
  const columns: readonly Column<MetricComparison>[] = [
    { id: 'metric', header: 'Metric', cell: ({ title }) => title },
    { id: 'a', header: a, numeric: true, cell: (metric) => value(metric, 'a') },
    { id: 'b', header: b, numeric: true, cell: (metric) => value(metric, 'b') },
    {
      id: 'difference',
      header: 'Difference',
      cell: (metric) => (metric.difference === null ? '–' : <Change difference={metric.difference} meaning={metric} />),
    },
    {
      id: 'relative',
      header: 'Relative',
      numeric: true,
      wide: true,
      cell: ({ relative }) => (relative === null ? '–' : relativeText(relative)),
    },
  ];
  return <DataTable label={label} columns={columns} rows={metrics} rowId={({ name }) => name} />;
}

function Differences<Value>({
  what,
  names,
  rows,
  text,
}: {
  readonly what: string;
  readonly names: readonly [string, string];
  readonly rows: readonly Differing<Value>[];
  readonly text: (value: Value | null, other: Value | null) => string;
}): ReactElement {
  if (rows.length === 0) return <Mark tone="ok" word={`${what}: the same`} />;
  const columns: readonly Column<Differing<Value>>[] = [
    { id: 'name', header: what, cell: ({ name }) => name },
    { id: 'a', header: names[0], cell: ({ a }) => text(a, null) },
    { id: 'b', header: names[1], cell: ({ a, b }) => text(b, a) },
  ];
  return <DataTable label={`${what} that differ`} columns={columns} rows={rows} rowId={({ name }) => name} />;
}

/** Which version wins, in a sentence. */
function verdictOf({ a, b, metrics }: ModelComparison): string {
  const judged = metrics.filter(({ better, difference }) => better !== null && difference !== null);
  if (judged.length === 0) return `No metric says which of versions ${a} and ${b} is better.`;
  const won = (side: 'a' | 'b' | null): number => judged.filter(({ winner }) => winner === side).length;
  const [worse, better, same] = [won('a'), won('b'), won(null)];
  if (same === judged.length) return `Versions ${a} and ${b} measure the same.`;
  if (judged.length === 1)
    return `Version ${b} is ${better === 1 ? 'better' : 'worse'} than version ${a} in ${judged[0]?.title}.`;
  const rest = [...(worse > 0 ? [`worse in ${worse}`] : []), ...(same > 0 ? [`the same in ${same}`] : [])];
  return `Version ${b} is better than version ${a} in ${[`${better} of ${judged.length} metrics`, ...rest].join(', ')}.`;
}

/** Two versions side by side: metrics, and the parameters, data, code and files that differ. */
export function Comparison({
  model,
  a,
  b,
}: {
  readonly model: string;
  readonly a: string;
  readonly b: string;
}): ReactElement {
  const comparison = useComparison(model, a, b);
  const names = [`Version ${a}`, `Version ${b}`] as const;
  return (
    <Section title={`Version ${a} beside version ${b}`}>
      <Loaded query={comparison}>
        {(found) => (
          <>
            <p>{verdictOf(found)}</p>
            <MetricTable label="Metrics side by side" a={names[0]} b={names[1]} metrics={found.metrics} />
            <Differences<Json> what="Parameters" names={names} rows={found.params} text={jsonText} />
            <Differences what="Data" names={names} rows={found.data} text={dataText} />
            <Differences what="Code" names={names} rows={found.code} text={(value) => value ?? '–'} />
            <Differences
              what="Files"
              names={names}
              rows={found.files}
              text={(value, other) =>
                value === null ? '–' : `${bytes(value)}${value === other ? ', other content' : ''}`
              }
            />
            <Mark
              tone={found.sameSignature ? 'ok' : 'late'}
              word={found.sameSignature ? 'Signature: the same' : 'Signature: what goes in or comes out differs'}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}
