import type { Axis, Mark, Scale } from 'vega';
import type { Html } from './html.ts';
import { aria, base, byMark, dashed, placed, type Shape, svgOf, symbols } from './svg.ts';

const rowHeight = 22;

export interface DotRow {
  readonly label: string;
  readonly points: readonly {
    readonly value: number;
    readonly mark: Shape;
    readonly low?: number;
    readonly high?: number;
  }[];
}

export interface DotPlotOptions {
  readonly rows: readonly DotRow[];
  readonly title: string;
  /** A d3 number format, such as `.2f` or `.1%`. */
  readonly format: string;
  /** Default linear, from 0. */
  readonly scale?: 'linear' | 'log';
  /** A dashed line, for what a value is to be compared with. */
  readonly reference?: number;
}

/** Cleveland's dot plot: a line for each row, its points on it, with intervals where there are some. */
export function dotPlot({ rows, title, format, scale = 'linear', reference }: DotPlotOptions): Promise<Html> {
  const points = rows.flatMap(({ label, points: own }) => own.map((point) => ({ label, ...point })));
  const spread = rows.map(({ label, points: own }) => ({
    label,
    low: Math.min(...own.map((p) => p.low ?? p.value)),
    high: Math.max(...own.map((p) => p.high ?? p.value)),
  }));
  const domain = [
    Math.min(...spread.map(({ low }) => low), reference ?? Number.POSITIVE_INFINITY),
    Math.max(...spread.map(({ high }) => high), reference ?? Number.NEGATIVE_INFINITY),
  ];
  const across = { name: 'x', range: 'width', nice: true, domain } as const;
  const x: Scale = scale === 'log' ? { ...across, type: 'log' } : { ...across, type: 'linear', zero: true };
  const marks: Mark[] = [
    ...referenceMark(reference),
    {
      ...aria,
      type: 'rule',
      from: { data: 'spread' },
      encode: {
        update: {
          x: { scale: 'x', field: 'low' },
          x2: { scale: 'x', field: 'high' },
          y: { scale: 'y', field: 'label' },
          stroke: { value: 'var(--muted)' },
          strokeWidth: { value: 1.5 },
        },
      },
    },
    ...symbols('value', 'label'),
  ];
  return svgOf(
    {
      ...base,
      height: rows.length * rowHeight + 48,
      data: [...byMark(points), { name: 'spread', values: spread }],
      scales: [x, { name: 'y', type: 'point', domain: rows.map(({ label }) => label), range: 'height', padding: 0.5 }],
      axes: [
        { ...aria, orient: 'bottom', scale: 'x', title, format, grid: true, tickCount: 5, domain: false } as Axis,
        { ...aria, orient: 'left', scale: 'y', ticks: false, domain: false, labelLimit: 180, labelColor: 'var(--ink)' },
      ],
      marks,
    },
    title,
  );
}

export interface ReliabilityOptions {
  readonly points: readonly { readonly predicted: number; readonly observed: number; readonly mark: Shape }[];
  readonly titles: { readonly x: string; readonly y: string };
}

/** A reliability diagram: what was said against what happened; on the dashed line it was right. Square roots spread the rare. */
export function reliabilityPlot({ points, titles }: ReliabilityOptions): Promise<Html> {
  const most = Math.max(0.01, ...points.flatMap(({ predicted, observed }) => [predicted, observed]));
  const scale = (name: 'x' | 'y'): Scale => ({
    name,
    type: 'sqrt',
    domain: [0, most],
    range: name === 'x' ? 'width' : 'height',
    nice: true,
  });
  const axis = (orient: 'bottom' | 'left', name: 'x' | 'y'): Axis => ({
    ...aria,
    orient,
    scale: name,
    title: titles[name],
    format: most < 0.1 ? '.1%' : '.0%',
    grid: true,
    tickCount: 6,
    labelOverlap: true,
    domain: false,
  });
  return svgOf(
    {
      ...base,
      height: 320,
      data: [...byMark(points), { name: 'diagonal', values: [{ at: 0 }, { at: most }] }],
      scales: [scale('x'), scale('y')],
      axes: [axis('bottom', 'x'), axis('left', 'y')],
      marks: [
        {
          ...aria,
          type: 'line',
          from: { data: 'diagonal' },
          encode: { update: { ...placed('at', 'at'), ...dashed } },
        },
        ...symbols('predicted', 'observed'),
      ],
    },
    `${titles.y} against ${titles.x}`,
  );
}

export interface BarRow {
  readonly label: string;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

export interface BarPlotOptions {
  readonly rows: readonly BarRow[];
  readonly titles: { readonly x: string; readonly y: string };
  readonly format: string;
  readonly reference?: number;
}

/** Bars side by side, with intervals where there are some. */
export function barPlot({ rows, titles, format, reference }: BarPlotOptions): Promise<Html> {
  const most = Math.max(...rows.map(({ value, high }) => high ?? value), reference ?? 0);
  return svgOf(
    {
      ...base,
      height: 280,
      data: [{ name: 'rows', values: [...rows] }],
      scales: [
        { name: 'x', type: 'band', domain: rows.map(({ label }) => label), range: 'width', padding: 0.25 },
        { name: 'y', type: 'linear', domain: [0, most], range: 'height', nice: true, zero: true },
      ],
      axes: [
        { ...aria, orient: 'bottom', scale: 'x', title: titles.x, ticks: false, labelAngle: 0 },
        { ...aria, orient: 'left', scale: 'y', title: titles.y, format, grid: true, tickCount: 6, domain: false },
      ],
      marks: [
        {
          ...aria,
          type: 'rect',
          from: { data: 'rows' },
          encode: {
            update: {
              x: { scale: 'x', field: 'label' },
              width: { scale: 'x', band: 1 },
              y: { scale: 'y', field: 'value' },
              y2: { scale: 'y', value: 0 },
              fill: { value: 'var(--accent)' },
            },
          },
        },
        {
          ...aria,
          type: 'rule',
          from: { data: 'rows' },
          encode: {
            update: {
              x: { scale: 'x', field: 'label', band: 0.5 },
              y: { scale: 'y', signal: 'isValid(datum.low) ? datum.low : datum.value' },
              y2: { scale: 'y', signal: 'isValid(datum.high) ? datum.high : datum.value' },
              stroke: { value: 'var(--ink)' },
              strokeWidth: { value: 1.5 },
            },
          },
        },
        ...referenceMark(reference, 'y'),
      ],
    },
    `${titles.y} by ${titles.x}`,
  );
}

function referenceMark(reference: number | undefined, axis: 'x' | 'y' = 'x'): Mark[] {
  if (reference === undefined) return [];
  const across =
    axis === 'x' ? { y: { value: 0 }, y2: { signal: 'height' } } : { x: { value: 0 }, x2: { signal: 'width' } };
  return [
    {
      ...aria,
      type: 'rule',
      encode: { update: { [axis]: { scale: axis, value: reference }, ...across, ...dashed } },
    },
  ];
}
