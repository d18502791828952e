import type { Axis } from 'vega';
import type { Html } from './html.ts';
import { aria, base, byMark, dashed, placed, type Shape, svgOf, symbols } from './svg.ts';

export interface TimePlotOptions {
  /** `at` in ISO 8601. */
  readonly points: readonly { readonly at: string; readonly value: number; readonly mark: Shape }[];
  /** What held from each time on, a dashed line; null: nothing. */
  readonly steps: readonly { readonly at: string; readonly value: number | null }[];
  readonly title: string;
  /** A d3 number format. */
  readonly format: string;
}

/** Values over time, UTC: points, and what held in between as steps. */
export function timePlot({ points, steps, title, format }: TimePlotOptions): Promise<Html> {
  const times = [...points, ...steps].map(({ at }) => Date.parse(at));
  const span = [Math.min(...times), Math.max(...times)] as const;
  const timed = <Row extends { readonly at: string }>(rows: readonly Row[]) =>
    rows.map((row) => ({ ...row, at: Date.parse(row.at) }));
  const last = steps.at(-1);
  // The last step goes on to the edge.
  const held = last ? [...timed(steps), { at: span[1], value: last.value }] : [];
  return svgOf(
    {
      ...base,
      height: 200,
      data: [
        ...byMark(timed(points)),
        { name: 'steps', values: held.map(({ at, value }) => ({ at, value: value ?? 0, isThere: value !== null })) },
      ],
      scales: [
        { name: 'x', type: 'utc', domain: [...span], range: 'width', padding: 12 },
        {
          name: 'y',
          type: 'linear',
          // Versions differ by little: a scale from 0 would hide it.
          zero: false,
          nice: true,
          domain: {
            fields: [
              { data: 'filled', field: 'value' },
              { data: 'hollow', field: 'value' },
            ],
          },
          range: 'height',
          padding: 8,
        },
      ],
      axes: [
        { ...aria, orient: 'bottom', scale: 'x', tickCount: 4, labelOverlap: true, labelFlush: true } as Axis,
        { ...aria, orient: 'left', scale: 'y', format, grid: true, tickCount: 5, domain: false, ticks: false } as Axis,
      ],
      marks: [
        {
          ...aria,
          type: 'line',
          from: { data: 'steps' },
          encode: {
            update: {
              ...placed('at', 'value'),
              ...dashed,
              defined: { field: 'isThere' },
              interpolate: { value: 'step-after' },
              strokeWidth: { value: 1.5 },
            },
          },
        },
        ...symbols('at', 'value'),
      ],
    },
    title,
  );
}
