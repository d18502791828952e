import uPlot from 'uplot';
import { clock, dayOf } from '../format/time.ts';
import { resolveColour, seriesColours } from './colours.ts';
import { extentOf } from './extent.ts';
import type { TimeChartProps } from './props.ts';

const fontSize = 12;

/** What uPlot draws for a chart, in the colours of the theme that is on now. */
export function optionsOf(props: TimeChartProps, element: HTMLElement, width: number): uPlot.Options {
  const { series, thresholds = [], marks = [], band, height = 220, format, onPick, from, to } = props;
  const colour = (name: string): string => resolveColour(name, element);
  const [text, line, ground, muted] = [colour('--text'), colour('--line'), colour('--ground'), colour('--muted')];
  const font = `${fontSize}px ${getComputedStyle(element).fontFamily}`;
  const axis: uPlot.Axis = {
    stroke: muted,
    font,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1, size: 4 },
  };
  const values = series.flatMap((one) => one.values.filter((value) => value !== null));
  const { lowest, highest } = extentOf([...values, ...thresholds.map(({ value }) => value)]);
  return {
    width,
    height,
    padding: [12, 8, 0, 0],
    cursor: { y: false, points: { size: 8 }, drag: { x: false, y: false } },
    legend: { show: false },
    scales: {
      x: { time: true, ...(from === undefined || to === undefined ? {} : { range: [from / 1000, to / 1000] }) },
      y: {
        range: (_chart, _min, max) => {
          if (!Number.isFinite(lowest)) return [0, 1];
          const ends = extentOf([lowest, highest, ...endOf(band)]);
          const room = (ends.highest - ends.lowest || Math.abs(ends.highest) || 1) * 0.08;
          return props.fromZero ? [0, Math.max(max, ends.highest + room)] : [ends.lowest - room, ends.highest + room];
        },
      },
    },
    axes: [
      {
        ...axis,
        size: 28,
        values: (_chart, ticks, _index, _space, step) =>
          ticks.map((at) => (step < 86_400 ? clock(at * 1000) : dayOf(at * 1000))),
      },
      { ...axis, size: 64, values: (_chart, ticks) => ticks.map((tick) => format(tick)) },
    ],
    series: [
      {},
      // Below the lines.
      ...(band
        ? [band.high, band.low].map(
            (_, n): uPlot.Series => ({
              label: n === 0 ? 'upper bound' : 'lower bound',
              stroke: 'transparent',
              points: { show: false },
            }),
          )
        : []),
      ...series.map((one, n): uPlot.Series => {
        const { name, dash } = seriesColours[n % seriesColours.length] ?? seriesColours[0];
        const stroke = colour(one.colour ?? name);
        if (one.kind === 'points')
          return {
            label: one.label,
            stroke,
            fill: ground,
            paths: () => null,
            points: { show: true, size: 5, stroke, fill: stroke },
          };
        if (one.kind === 'bars')
          return {
            label: one.label,
            stroke,
            fill: stroke,
            ...(uPlot.paths.bars ? { paths: uPlot.paths.bars({ size: [0.7, 24] }) } : {}),
            points: { show: false },
          };
        return {
          label: one.label,
          stroke,
          width: 1.5,
          dash: [...dash],
          points: { show: one.values.length < 60, size: 4, stroke, fill: stroke },
          spanGaps: false,
        };
      }),
    ],
    ...(band ? { bands: [{ series: [1, 2], fill: colour('--hover') }] } : {}),
    hooks: {
      draw: [
        (chart) => {
          for (const { value, label, tone = 'failed' } of thresholds)
            drawThreshold(chart, { value, label }, { colour: colour(`--${tone}`), ground, font });
          for (const { at, label } of marks) drawMark(chart, at / 1000, label, text, font);
        },
      ],
      ready: onPick
        ? [
            (chart) =>
              chart.over.addEventListener('click', () => {
                if (chart.cursor.idx != null) onPick(chart.cursor.idx);
              }),
          ]
        : [],
    },
  };
}

/** The last of what is normal: at first it may be wider than all that is of interest. */
const endOf = (band: TimeChartProps['band']): number[] =>
  [band?.low, band?.high].flatMap((values) => values?.findLast((value) => value !== null) ?? []);

function drawThreshold(
  { ctx, bbox, valToPos }: uPlot,
  { value, label }: { readonly value: number; readonly label: string },
  { colour, ground, font }: { readonly colour: string; readonly ground: string; readonly font: string },
): void {
  const y = Math.round(valToPos(value, 'y', true));
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = scaled(font);
  ctx.textAlign = 'right';
  const isHigh = y - bbox.top < 20 * devicePixelRatio;
  ctx.textBaseline = isHigh ? 'top' : 'bottom';
  const [left, top] = [bbox.left + bbox.width - 4 * devicePixelRatio, y + (isHigh ? 3 : -2) * devicePixelRatio];
  // So that it can be read across a line.
  ctx.setLineDash([]);
  ctx.strokeStyle = ground;
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.lineJoin = 'round';
  ctx.strokeText(label, left, top);
  ctx.fillText(label, left, top);
  ctx.restore();
}

function drawMark({ ctx, bbox, valToPos }: uPlot, at: number, label: string, colour: string, font: string): void {
  const x = Math.round(valToPos(at, 'x', true));
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  const size = 4 * devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.globalAlpha = 0.5;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.beginPath();
  ctx.moveTo(x - size, bbox.top - size);
  ctx.lineTo(x + size, bbox.top - size);
  ctx.lineTo(x, bbox.top + size / 2);
  ctx.fill();
  ctx.font = scaled(font);
  ctx.textBaseline = 'bottom';
  const isFarRight = x > bbox.left + bbox.width * 0.8;
  ctx.textAlign = isFarRight ? 'right' : 'left';
  ctx.fillText(label, x + (isFarRight ? -2 : 2) * size, bbox.top + size / 2);
  ctx.restore();
}

/** A canvas counts device pixels. */
const scaled = (font: string): string => font.replace(/^[\d.]+/, String(fontSize * devicePixelRatio));
