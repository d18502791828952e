import type { ReactElement } from 'react';
import type { MetricPoint } from '../../../contracts/metrics.ts';
import { links } from '../../app/links.ts';
import type { ChartMark } from '../../charts/props.ts';
import { TimeChart } from '../../charts/time-chart.tsx';
import { count, percent } from '../../format/number.ts';
import { Loaded } from '../../ui/page.tsx';
import { promotionsOf } from '../models/promotions.ts';
import { useHistory } from '../models/queries.ts';
import styles from './offers.module.css';
import { useFigures } from './queries.ts';
import { times } from './words.ts';

interface Figure {
  readonly name: string;
  readonly title: string;
  readonly label: string;
  readonly means: string;
  readonly format: (value: number) => string;
  /** What it should be at, whatever the past says. */
  readonly goal?: { readonly value: number; readonly label: string };
  readonly fromZero?: boolean;
}

const figures: readonly Figure[] = [
  {
    name: 'kpi.expected_revenue',
    title: 'Expected revenue of the lists',
    label: 'expected',
    means: 'What the lists of a day may bring in all, each line weighed by its chance. ▼: a new champion.',
    format: (value) => count(Math.round(value)),
    fromZero: true,
  },
  {
    name: 'kpi.realised_revenue_share',
    title: 'Realised revenue, as a share of what was expected',
    label: 'realised',
    means: 'Known once the days that a list is for are over. 100% is right; below it, the lists promised too much.',
    format: (value) => percent(value),
    goal: { value: 1, label: 'as expected' },
  },
  {
    name: 'kpi.lift_over_popularity',
    title: 'Lift over best-sellers',
    label: 'times as many purchases',
    means: 'How many times as many purchases the lists find as a list of the best-sellers would; 1 is no better.',
    format: times,
    goal: { value: 1, label: 'no better than best-sellers' },
    fromZero: true,
  },
  {
    name: 'kpi.calibration_error',
    title: 'Calibration error of the lists',
    label: 'off by',
    means: 'Where lists say 30%, do 30% buy? The mean distance from that, on days held out; 0 is right.',
    format: (value) => percent(value),
    fromZero: true,
  },
];

const dayMs = 86_400_000;

export interface FiguresProps {
  /** '' for all together. */
  readonly market: string;
  readonly days: number;
}

/** What came of the lists over time, with what is normal and the days on which another version took over. */
export function Figures({ market, days }: FiguresProps): ReactElement {
  const today = new Date().toISOString().slice(0, 10);
  const from = new Date(Date.parse(today) - days * dayMs).toISOString().slice(0, 10);
  const points = useFigures(market, from);
  const marks = promotionsOf(useHistory('offers-next-products').data?.changes ?? []);
  return (
    <Loaded query={points} lines={16}>
      {(found) => {
        const shown = figures.filter(({ name }) => found.some((point) => point.name === name));
        return shown.length === 0 ? (
          <p className="muted">No key figures in these days: each run of the pipeline leaves some.</p>
        ) : (
          <div className={styles.charts}>
            {shown.map((figure) => (
              <Chart
                key={figure.name}
                figure={figure}
                points={found.filter((point) => point.name === figure.name)}
                marks={marks}
              />
            ))}
          </div>
        );
      }}
    </Loaded>
  );
}

interface ChartProps {
  readonly figure: Figure;
  readonly points: readonly MetricPoint[];
  readonly marks: readonly ChartMark[];
}

function Chart({ figure, points, marks }: ChartProps): ReactElement {
  const newest = points.at(-1);
  const alarms = points.filter(({ alarm }) => alarm !== null);
  const last = alarms.at(-1);
  const bound = points.findLast(({ threshold }) => threshold !== null)?.threshold;
  const times = points.map(({ at }) => Date.parse(at));
  return (
    <div>
      <TimeChart
        title={figure.title}
        times={times}
        series={[{ label: figure.label, values: points.map(({ value }) => value) }]}
        thresholds={[
          ...(figure.goal ? [{ ...figure.goal, tone: 'ok' as const }] : []),
          ...(bound == null
            ? []
            : [{ value: bound, label: `unusual beyond ${figure.format(bound)}`, tone: 'late' as const }]),
        ]}
        marks={marks.filter(({ at }) => at >= (times[0] ?? 0))}
        format={figure.format}
        height={180}
        {...(figure.fromZero ? { fromZero: true } : {})}
        hrefOf={(index) => (points[index]?.runId ? links.run(points[index].runId) : links.runs)}
      />
      <p className={styles.means}>{last && last === newest && last.text ? last.text : figure.means}</p>
    </div>
  );
}
