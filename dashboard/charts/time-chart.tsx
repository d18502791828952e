import { type ReactElement, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useIsDark } from '../app/theme.ts';
import { exact } from '../format/time.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Go } from '../ui/go.tsx';
import { seriesColours } from './colours.ts';
import { extentOf } from './extent.ts';
import { optionsOf } from './options.ts';
import type { TimeChartProps } from './props.ts';
import styles from './time-chart.module.css';

/** One list for all charts without: a new one each time would be a change. */
const none: readonly never[] = [];

/** Figures over time, with thresholds, what is normal, and marks; the pointer reads values, and a table stands behind. */
export function TimeChart(props: TimeChartProps): ReactElement {
  const { title, times, series, band, marks = none, format, thresholds = none } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [at, setAt] = useState<number | null>(null);
  const isDark = useIsDark();
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const latest = useRef(props);
  latest.current = props;
  const { height, from, to } = props;
  // The chart is made anew when what it shows has changed, not when its caller was merely drawn again; and the pointer,
  // which draws this anew with every move, changes none of it.
  const shown = useMemo(
    () => JSON.stringify([times, series, thresholds, band, marks, height, from, to, isDark]),
    [times, series, thresholds, band, marks, height, from, to, isDark],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shown` stands for all properties
  const words = useMemo(() => summary(latest.current), [shown]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shown` stands for all properties
  useEffect(() => {
    const element = frame.current;
    if (!element || width === 0) return;
    const current = latest.current;
    const options = optionsOf(current, element, width);
    options.hooks = { ...options.hooks, setCursor: [({ cursor }) => setAt(cursor.idx ?? null)] };
    const columns = [
      ...(current.band ? [current.band.high, current.band.low] : []),
      ...current.series.map((one) => one.values),
    ];
    const data = [current.times.map((time) => time / 1000), ...columns] as uPlot.AlignedData;
    const chart = new uPlot(options, data, element);
    return () => chart.destroy();
  }, [shown, width]);

  const index = at !== null && at < times.length ? at : times.length - 1;
  const time = times[index];
  return (
    <figure className={styles.chart}>
      <figcaption>
        <strong>{title}</strong>
        <span className={styles.readout}>
          {time === undefined ? null : <span className="muted">{exact(time)}</span>}
          {series.map((one, n) => (
            <span key={one.label}>
              <Swatch index={n} colour={one.colour} /> {one.label}{' '}
              {one.values[index] == null ? '–' : format(one.values[index])}
            </span>
          ))}
        </span>
      </figcaption>
      {times.length === 0 ? <p className="muted">No figures in this span of time.</p> : null}
      <div ref={frame} role="img" aria-label={words} hidden={times.length === 0} />
      {times.length === 0 ? null : <Behind {...props} />}
    </figure>
  );
}

function Swatch({ index, colour }: { readonly index: number; readonly colour: string | undefined }): ReactElement {
  const look = seriesColours[index % seriesColours.length] ?? seriesColours[0];
  return (
    <svg width={18} height={8} aria-hidden>
      <line
        x1={0}
        x2={18}
        y1={4}
        y2={4}
        stroke={`var(${colour ?? look.name})`}
        strokeWidth={2}
        strokeDasharray={look.dash.join(' ')}
      />
    </svg>
  );
}

/** What a screen reader hears instead of the picture. */
function summary({ title, series, format, thresholds = [], marks = [] }: TimeChartProps): string {
  const lines = series.map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    const [first, last] = [known[0], known.at(-1)];
    if (first === undefined || last === undefined) return `${label}: no figures`;
    const { lowest, highest } = extentOf(known);
    return `${label}: from ${format(first)} to ${format(last)}, lowest ${format(lowest)}, highest ${format(highest)}`;
  });
  return [title, ...lines, ...thresholds.map(({ label }) => label), ...marks.map(({ label }) => label)].join('; ');
}

/** The table behind a plot, drawn when it is opened. */
function Behind({ title, times, series, band, marks = [], format, hrefOf }: TimeChartProps): ReactElement {
  const [open, setOpen] = useState(false);
  const columns: Column<{ index: number }>[] = [
    {
      id: 'time',
      header: 'Time',
      cell: ({ index }) => {
        const text = exact(times[index] ?? 0);
        return hrefOf ? <Go href={hrefOf(index)}>{text}</Go> : text;
      },
      sort: ({ index }) => times[index],
    },
    ...series.map(
      ({ label, values }): Column<{ index: number }> => ({
        id: label,
        header: label,
        numeric: true,
        cell: ({ index }) => (values[index] == null ? '–' : format(values[index])),
        sort: ({ index }) => values[index],
      }),
    ),
    ...(band
      ? [
          {
            id: 'normal',
            header: band.label,
            numeric: true,
            cell: ({ index }: { index: number }) =>
              [band.low[index], band.high[index]].map((bound) => (bound == null ? '–' : format(bound))).join(' to '),
          },
        ]
      : []),
  ];
  return (
    <details className={styles.behind} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>As a table</summary>
      {open ? (
        <>
          <DataTable
            label={title}
            columns={columns}
            rows={times.map((_, index) => ({ index })).reverse()}
            rowId={({ index }) => String(index)}
          />
          {marks.length > 0 ? (
            <ul>
              {marks.map(({ at, label, href }) => (
                <li key={`${at} ${label}`}>
                  {exact(at)}: {href ? <Go href={href}>{label}</Go> : label}
                </li>
              ))}
            </ul>
          ) : null}
        </>
      ) : null}
    </details>
  );
}
