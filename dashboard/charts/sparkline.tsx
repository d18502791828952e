import type { ReactElement } from 'react';

export interface SparklineProps {
  /** What it shows, for screen readers. */
  readonly label: string;
  /** Oldest first. */
  readonly values: readonly number[];
  /** What is normal for the last one. */
  readonly normal?: { readonly from: number; readonly to: number } | null;
}

const [width, height, edge] = [120, 32, 3];

/** The course of a figure, without axes, beside the figure itself; the last value is marked. */
export function Sparkline({ label, values, normal }: SparklineProps): ReactElement {
  const all = [...values, ...(normal ? [normal.from, normal.to] : [])];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const x = (index: number): number => edge + (index / Math.max(1, values.length - 1)) * (width - 2 * edge);
  const y = (value: number): number => height - edge - ((value - low) / (high - low || 1)) * (height - 2 * edge);
  const last = values.at(-1);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {normal ? (
        <rect x={0} width={width} y={y(normal.to)} height={y(normal.from) - y(normal.to)} fill="var(--line)" />
      ) : null}
      <polyline
        points={values.map((value, index) => `${x(index)},${y(value)}`).join(' ')}
        fill="none"
        stroke="var(--muted)"
        strokeWidth={1.5}
      />
      {last === undefined ? null : <circle cx={x(values.length - 1)} cy={y(last)} r={2.5} fill="var(--text)" />}
    </svg>
  );
}
