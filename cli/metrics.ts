import type { MetricPoint } from '../contracts/metrics.ts';
import { table } from './terminal.ts';

/** Points that a trend shows. */
const shownPoints = 20;
const bars = '▁▂▃▄▅▆▇█';

/** Figures over time, a line for each: the newest value with its bound, and how it went. */
export function seriesText(points: readonly MetricPoint[]): string {
  const series = new Map<string, MetricPoint[]>();
  for (const point of points) {
    const key = JSON.stringify([point.name, point.subject, point.market]);
    const own = series.get(key) ?? [];
    own.push(point);
    series.set(key, own);
  }
  const lines = [...series.values()].sort(([a], [b]) => order(a).localeCompare(order(b)));
  const told = lines.flatMap(([newest]) => (newest?.alarm && newest.text ? [`${mark(newest)}${newest.text}`] : []));
  const shown = table(
    ['figure', 'of', 'market', 'newest', 'value', 'bound', '', 'trend'],
    lines.map((own) => {
      const newest = own[0] as MetricPoint;
      return [
        newest.name,
        newest.subject,
        newest.market,
        newest.at.slice(0, 10),
        figure(newest.value),
        newest.threshold === null ? '' : figure(newest.threshold),
        mark(newest),
        trendOf(own.slice(0, shownPoints).reverse()),
      ];
    }),
    { right: ['value', 'bound'], empty: 'There are no such figures.' },
  );
  return told.length === 0 ? shown : `${shown}\n\n${[...new Set(told)].join('\n')}`;
}

function order(point: MetricPoint | undefined): string {
  return point ? [point.name, point.subject, point.market].join('\u0000') : '';
}

function mark({ alarm }: MetricPoint): string {
  if (alarm === null) return '';
  return alarm === 'error' ? '!! ' : '! ';
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Values as bars between the least and the greatest of them, oldest first; one alone says nothing. */
function trendOf(points: readonly MetricPoint[]): string {
  const values = points.map(({ value }) => value);
  if (values.length < 2) return '';
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const place = (value: number): number =>
    most === least ? 0 : Math.round(((value - least) / (most - least)) * (bars.length - 1));
  return values.map((value) => bars[place(value)]).join('');
}
