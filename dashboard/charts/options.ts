import uPlot from 'uplot';
import { clock, dayOf, isDaily, utcDay } from '../format/time.ts';
import { resolveColour, seriesColours } from './colours.ts';
import { crosses } from './crosses.ts';
import { extentOf } from './extent.ts';
import type { ChartMark, TimeChartProps } from './props.ts';

const fontSize = 12;
/** Steps of an axis of seconds: of 1, 5, 10, … 30 s, of as many minutes, and of hours. */
const secondSteps = [1, 5, 10, 15, 30, 60, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 604_800];
/** More would cover each other. */
const manyPoints = 1_000;

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
  // Days are days wherever they are looked at.
  const hasDays = isDaily(props.times);
  const { lowest, highest } = extentOf([...values, ...thresholds.map(({ value }) => value)]);
  return {
    width,
    height,
    // Half a label of the last day.
    padding: [12, 20, 0, 0],
    ...(hasDays ? { tzDate: (at: number) => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC') } : {}),
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
          ticks.map((at) => (hasDays ? utcDay(at * 1000) : step < 86_400 ? clock(at * 1000) : dayOf(at * 1000))),
      },
      {
        ...axis,
        size: props.inSeconds ? 80 : 64,
        values: (_chart, ticks) => ticks.map((tick) => format(tick)),
        ...(props.inSeconds ? { incrs: secondSteps } : {}),
      },
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
            points: { show: true, size: one.values.length > manyPoints ? 3 : 5, stroke, fill: stroke },
          };
        if (one.kind === 'crosses')
          return {
            label: one.label,
            stroke,
            paths: () => null,
            points: { show: true, size: 7, width: 1.5, stroke, paths: crosses },
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
          drawMarks(chart, marks, text, font);
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

/** Marks that are nearer than so many pixels share a label. */
const nearMarks = 24;

/** A line and a triangle for each mark; labels where there is room, those of neighbours in one. */
function drawMarks(chart: uPlot, marks: readonly ChartMark[], colour: string, font: string): void {
  const { ctx, bbox, valToPos } = chart;
  const groups: { x: number; labels: string[] }[] = [];
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  for (const { at, label } of marks.toSorted((a, b) => a.at - b.at)) {
    const x = Math.round(valToPos(at / 1000, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    drawMark(chart, x);
    const last = groups.at(-1);
    if (!last || x - last.x > nearMarks * devicePixelRatio) groups.push({ x, labels: [label] });
    else if (!last.labels.includes(label)) last.labels.push(label);
  }
  ctx.font = scaled(font);
  ctx.textBaseline = 'bottom';
  const room = 8 * devicePixelRatio;
  // The newest matters most.
  let start = Number.POSITIVE_INFINITY;
  for (const { x, labels } of groups.reverse()) {
    const label = labels.join(', ');
    const { width } = ctx.measureText(label);
    const isFarRight = x + room + width > bbox.left + bbox.width;
    const left = isFarRight ? x - room - width : x + room;
    if (left + width > start) continue;
    ctx.textAlign = 'left';
    ctx.fillText(label, left, bbox.top + 2 * devicePixelRatio);
    start = left - room;
  }
  ctx.restore();
}

function drawMark({ ctx, bbox }: uPlot, x: number): void {
  const size = 4 * devicePixelRatio;
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
}

/** A canvas counts device pixels. */
const scaled = (font: string): string => font.replace(/^[\d.]+/, String(fontSize * devicePixelRatio));
