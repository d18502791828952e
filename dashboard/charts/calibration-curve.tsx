import { type ReactElement, useState } from 'react';
import { count, percent } from '../format/number.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import styles from './calibration-curve.module.css';

/** Things of like predicted chance. */
export interface CalibrationBin {
  readonly rows: number;
  /** Mean predicted chance, and the share in which it came true; 0 to 1. */
  readonly predicted: number;
  readonly observed: number;
}

export interface CalibrationCurveProps {
  /** The caption. */
  readonly title: string;
  /** By rising predicted chance. */
  readonly bins: readonly CalibrationBin[];
}

const size = 240;
const edge = { left: 48, bottom: 36, top: 8, right: 8 };
const [wide, high] = [size - edge.left - edge.right, size - edge.top - edge.bottom];

/**
 * How often things came true by how likely they were said to be: on the diagonal chances are right, below it they promised too
 * much. A table stands behind.
 */
export function CalibrationCurve({ title, bins }: CalibrationCurveProps): ReactElement {
  const [open, setOpen] = useState(false);
  const most = Math.max(...bins.flatMap(({ predicted, observed }) => [predicted, observed]), 0.05);
  const end = Math.min(1, Math.ceil(most * 20) / 20);
  const x = (value: number): number => edge.left + (value / end) * wide;
  const y = (value: number): number => edge.top + high - (value / end) * high;
  const ticks = [0, end / 2, end];
  const largest = Math.max(...bins.map(({ rows }) => rows), 1);
  return (
    <figure className={styles.curve}>
      <figcaption>
        <strong>{title}</strong>
      </figcaption>
      <svg viewBox={`0 0 ${size} ${size}`} width={size} height={size} role="img" aria-label={summary(title, bins)}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={x(tick)} x2={x(tick)} y1={y(0)} y2={y(end)} stroke="var(--line)" />
            <line x1={x(0)} x2={x(end)} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
            <text x={x(tick)} y={y(0) + 14} textAnchor={tick === end ? 'end' : 'middle'}>
              {percent(tick)}
            </text>
            <text x={x(0) - 6} y={y(tick) + 4} textAnchor="end">
              {percent(tick)}
            </text>
          </g>
        ))}
        <line x1={x(0)} y1={y(0)} x2={x(end)} y2={y(end)} stroke="var(--muted)" strokeDasharray="4 4" />
        <polyline
          points={bins.map(({ predicted, observed }) => `${x(predicted)},${y(observed)}`).join(' ')}
          fill="none"
          stroke="var(--series-1)"
          strokeWidth={1.5}
        />
        {bins.map(({ predicted, observed, rows }) => (
          <circle
            key={`${predicted} ${observed}`}
            cx={x(predicted)}
            cy={y(observed)}
            r={2 + 3 * Math.sqrt(rows / largest)}
            fill="var(--series-1)"
          >
            <title>{`said ${percent(predicted)}, came true ${percent(observed)} (${count(rows)})`}</title>
          </circle>
        ))}
        <text x={edge.left + wide / 2} y={size - 4} textAnchor="middle">
          said
        </text>
        <text transform={`translate(10 ${edge.top + high / 2}) rotate(-90)`} textAnchor="middle">
          came true
        </text>
      </svg>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>As a table</summary>
        {open ? (
          <DataTable label={title} columns={columns} rows={bins} rowId={({ predicted }) => String(predicted)} />
        ) : null}
      </details>
    </figure>
  );
}

const columns: readonly Column<CalibrationBin>[] = [
  { id: 'predicted', header: 'Said', numeric: true, cell: ({ predicted }) => percent(predicted) },
  { id: 'observed', header: 'Came true', numeric: true, cell: ({ observed }) => percent(observed) },
  { id: 'rows', header: 'Of', numeric: true, cell: ({ rows }) => count(rows) },
];

const summary = (title: string, bins: readonly CalibrationBin[]): string =>
  [title, ...bins.map(({ predicted, observed }) => `said ${percent(predicted)}, came true ${percent(observed)}`)].join(
    '; ',
  );
