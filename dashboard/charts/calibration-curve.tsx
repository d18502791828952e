import type { ReactElement } from 'react';
import { count, percent } from '../format/number.ts';
import styles from './calibration-curve.module.css';

/** Things of like predicted chance. */
export interface CalibrationBin {
  readonly rows: number;
  /** Mean predicted chance, and the share in which it came true; 0 to 1. */
  readonly predicted: number;
  readonly observed: number;
  /** What that share would be of very many, in 95 of 100 cases. */
  readonly interval: { readonly lower95: number; readonly upper95: number };
}

export interface CalibrationCurveProps {
  /** For screen readers. */
  readonly title: string;
  /** Of the axes. */
  readonly words: { readonly predicted: string; readonly observed: string };
  /** By rising predicted chance. The table of them stands beside the plot. */
  readonly bins: readonly CalibrationBin[];
}

const [width, height] = [400, 320];
const edge = { left: 56, bottom: 44, top: 8, right: 16 };
const [wide, high] = [width - edge.left - edge.right, height - edge.top - edge.bottom];

/**
 * How often things came true by how likely they were said to be, with intervals: on the diagonal chances are right, below it
 * they promised too much.
 */
export function CalibrationCurve({ title, words, bins }: CalibrationCurveProps): ReactElement {
  const most = Math.max(...bins.flatMap(({ predicted, interval }) => [predicted, interval.upper95]), 0.05);
  const step = stepOf(most);
  const end = Math.min(1, Math.ceil(most / step) * step);
  const x = (value: number): number => edge.left + (value / end) * wide;
  const y = (value: number): number => edge.top + high - (value / end) * high;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, n) => n * step);
  return (
    <svg
      className={styles.curve}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={[title, ...bins.map((bin) => wordsOf(bin, words))].join('; ')}
    >
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={x(tick)} x2={x(tick)} y1={y(0)} y2={y(end)} stroke="var(--line)" />
          <line x1={x(0)} x2={x(end)} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
          <text x={x(tick)} y={y(0) + 16} textAnchor="middle">
            {percent(tick)}
          </text>
          <text x={x(0) - 8} y={y(tick) + 4} textAnchor="end">
            {percent(tick)}
          </text>
        </g>
      ))}
      <line x1={x(0)} y1={y(0)} x2={x(end)} y2={y(end)} stroke="var(--muted)" strokeDasharray="4 4" />
      <text x={x(end * 0.9)} y={y(end * 0.95) + 4} textAnchor="end" className={styles.right}>
        as predicted
      </text>
      {bins.map((bin) => (
        <g key={`${bin.predicted} ${bin.rows}`} stroke="var(--series-1)" strokeWidth={1.5}>
          <title>{wordsOf(bin, words)}</title>
          <line
            x1={x(bin.predicted)}
            x2={x(bin.predicted)}
            y1={y(bin.interval.lower95)}
            y2={y(bin.interval.upper95)}
            strokeOpacity={0.6}
          />
          <circle cx={x(bin.predicted)} cy={y(bin.observed)} r={4} fill="var(--series-1)" stroke="var(--ground)" />
        </g>
      ))}
      <text x={edge.left + wide / 2} y={height - 8} textAnchor="middle">
        {words.predicted}
      </text>
      <text transform={`translate(12 ${edge.top + high / 2}) rotate(-90)`} textAnchor="middle">
        {words.observed}
      </text>
    </svg>
  );
}

/** A step of the axes that makes at most five of them. */
const stepOf = (most: number): number => [0.01, 0.02, 0.05, 0.1].find((step) => most / step <= 5) ?? 0.2;

const wordsOf = (
  { predicted, observed, rows, interval }: CalibrationBin,
  words: CalibrationCurveProps['words'],
): string =>
  `${words.predicted} ${percent(predicted)}, ${words.observed} ${percent(observed)} (${percent(interval.lower95)} to ${percent(interval.upper95)}), of ${count(rows)}`;
