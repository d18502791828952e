import type { ReactElement } from 'react';
import type { DecisionShown } from '../../../contracts/decisions.ts';
import type { MetricPoint } from '../../../contracts/metrics.ts';
import type { PolicyRecord } from '../../../contracts/policies.ts';
import { dataOf, scopeOf } from '../../../contracts/retraining.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import type { ChartMark } from '../../charts/props.ts';
import { TimeChart } from '../../charts/time-chart.tsx';
import { compact, number } from '../../format/number.ts';
import { Select } from '../../ui/field.tsx';
import { Columns, Row } from '../../ui/layout.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { promotionsOf } from '../models/promotions.ts';
import { useHistory } from '../models/queries.ts';
import { useKpi, useNewestDecisions, useSeries } from './queries.ts';

const days = 60;
const dayMs = 86_400_000;

interface FiguresProps {
  readonly policies: readonly PolicyRecord[];
  readonly models: readonly string[];
}

/** What policies look at, over time: key figures, drift and labels, with thresholds, deploys and retrainings. */
export function Figures({ policies, models }: FiguresProps): ReactElement {
  if (models.length === 0)
    return (
      <Empty title="No model yet" command="perennial run offers --param train=always">
        What policies look at would be drawn here once a run has trained a model: key figures, drift from the training
        data and new labelled rows, with thresholds, deploys and retrainings.
      </Empty>
    );
  return <OfModel policies={policies} models={models} />;
}

function OfModel({ policies, models }: FiguresProps): ReactElement {
  const { model = models[0] ?? '', market = '' } = useAddress();
  const setAddress = useSetAddress();
  const policy = policies.find(({ definition }) => scopeOf(definition.model, model) !== null);
  const pipeline = policy?.definition.pipeline ?? 'offers';
  const from = new Date(Math.floor(Date.now() / dayMs - days) * dayMs).toISOString().slice(0, 10);
  const kpis = useSeries({ pipeline, name: 'kpi.*', market, from, limit: '10000' });
  const drift = useSeries({ pipeline, name: 'drift.*', from, limit: '10000' });
  const labelled = useKpi(dataOf(pipeline), 'labelled_rows', '');
  const decisions = useNewestDecisions({ model });
  const history = useHistory(model);
  const events = [...marksOf(decisions.data?.decisions ?? []), ...promotionsOf(history.data?.changes ?? [])];
  const marks = byDay(events.filter(({ at }) => at >= Date.parse(from)));
  const markets = [...new Set((drift.data ?? []).map((point) => point.market))].filter(Boolean).sort();
  return (
    <>
      <Row>
        <Select
          label="Model"
          value={model}
          onChange={(next) => setAddress({ model: next }, true)}
          choices={models.map((one) => ({ value: one, label: one }))}
        />
        <Select
          label="Market"
          value={market}
          onChange={(next) => setAddress({ market: next }, true)}
          choices={[{ value: '', label: 'All together' }, ...markets.map((one) => ({ value: one, label: one }))]}
        />
      </Row>
      <Section title={`Key figures of ${pipeline}${market === '' ? '' : ` in ${market}`}`}>
        <Loaded query={kpis} lines={10}>
          {(points) => <KpiCharts points={points} policy={policy} market={market} marks={marks} />}
        </Loaded>
      </Section>
      <Section title="Drift from the training data">
        <Loaded query={drift} lines={8}>
          {(points) => <DriftCharts points={points} market={market} marks={marks} />}
        </Loaded>
      </Section>
      <Section title="Labelled rows">
        <Loaded query={labelled} lines={8}>
          {(rows) => {
            const oldestFirst = rows.toReversed();
            if (rows.length === 0)
              return (
                <Empty title="No labelled rows are counted yet">
                  Each day of the pipeline counts the rows that a model could learn from.
                </Empty>
              );
            return (
              <TimeChart
                title="Labelled rows there are to learn from"
                times={oldestFirst.map(({ date }) => Date.parse(date))}
                series={[{ label: 'rows', values: oldestFirst.map(({ value }) => value) }]}
                marks={marks}
                format={compact}
                hrefOf={(index) => links.run(oldestFirst[index]?.runId ?? '')}
              />
            );
          }}
        </Loaded>
      </Section>
    </>
  );
}

/** What happened on the same day is one mark, so that all can be read. */
function byDay(events: readonly ChartMark[]): ChartMark[] {
  const days = new Map<number, ChartMark>();
  for (const event of events.toSorted((a, b) => a.at - b.at)) {
    const day = Math.floor(event.at / dayMs);
    const before = days.get(day);
    days.set(day, before ? { ...before, label: `${before.label}, ${event.label}` } : event);
  }
  return [...days.values()];
}

const marksOf = (decisions: readonly DecisionShown[]): ChartMark[] =>
  decisions
    .filter(({ links: { run } }) => run !== null)
    .map(({ id, at }) => ({ at: Date.parse(at), label: 'trained', href: links.decision(id) }));

/** Points by what they are of, oldest first, those that are watched or unusual first. */
function grouped(points: readonly MetricPoint[], keyOf: (point: MetricPoint) => string): [string, MetricPoint[]][] {
  const groups = new Map<string, MetricPoint[]>();
  for (const point of points.toReversed()) {
    const group = groups.get(keyOf(point)) ?? [];
    group.push(point);
    groups.set(keyOf(point), group);
  }
  return [...groups].sort(([a, x], [b, y]) => alarms(y) - alarms(x) || (a < b ? -1 : 1));
}

const alarms = (points: readonly MetricPoint[]): number => (points.at(-1)?.alarm ? 1 : 0);

function KpiCharts({
  points,
  policy,
  market,
  marks,
}: {
  readonly points: readonly MetricPoint[];
  readonly policy: PolicyRecord | undefined;
  readonly market: string;
  readonly marks: readonly ChartMark[];
}): ReactElement {
  const watched = policy?.definition.kpis ?? [];
  const isWatched = (name: string): boolean => watched.some((kpi) => `kpi.${kpi.name}` === name);
  const groups = grouped(points, ({ name }) => name).sort(([a], [b]) => Number(isWatched(b)) - Number(isWatched(a)));
  if (groups.length === 0)
    return <Empty title="No key figures yet">Every run of the pipeline leaves some: they would be drawn here.</Empty>;
  return (
    <Columns>
      {groups.map(([name, series]) => {
        const last = series.at(-1);
        const limit = watched.find(
          (kpi) => `kpi.${kpi.name}` === name && (kpi.market === market || kpi.market === ''),
        )?.limit;
        return (
          <TimeChart
            key={name}
            title={`${name.slice(4)}${isWatched(name) ? ', watched by the policy' : ''}`}
            times={series.map(({ at }) => Date.parse(at))}
            series={[{ label: name.slice(4), values: series.map(({ value }) => value) }]}
            thresholds={[
              ...(last?.threshold != null
                ? [{ value: last.threshold, label: `usual bound ${number(last.threshold)}`, tone: 'late' as const }]
                : []),
              ...(limit != null ? [{ value: limit, label: `limit ${number(limit)}` }] : []),
            ]}
            marks={marks}
            format={number}
            hrefOf={(index) => links.run(series[index]?.runId ?? '')}
          />
        );
      })}
    </Columns>
  );
}

/** Columns that one chart shows at most: as many as there are colours. */
const mostColumns = 4;

function DriftCharts({
  points,
  market,
  marks,
}: {
  readonly points: readonly MetricPoint[];
  readonly market: string;
  readonly marks: readonly ChartMark[];
}): ReactElement {
  const drifted = new Set(points.filter(({ alarm }) => alarm !== null).map((point) => point.market));
  const shown = points.filter((point) => (market === '' ? drifted.has(point.market) : point.market === market));
  const groups = grouped(shown, ({ name, market: of }) => `${name}\n${of}`);
  if (groups.length === 0)
    return (
      <Empty title={points.length === 0 ? 'Drift has not been measured yet' : 'Nothing has drifted'}>
        {points.length === 0
          ? 'It is, once a version has a profile of what it learned from.'
          : 'Choose a market to see its columns.'}
      </Empty>
    );
  return (
    <Columns>
      {groups.map(([key, series]) => {
        const [name = '', of = ''] = key.split('\n');
        const times = [...new Set(series.map(({ at }) => at))].sort();
        const columns = grouped(series, ({ subject }) => subject).slice(0, mostColumns);
        const threshold = series.find((point) => point.threshold !== null)?.threshold;
        return (
          <TimeChart
            key={key}
            title={`${name.slice(6)} of columns${of === '' ? '' : ` in ${of}`}`}
            times={times.map((at) => Date.parse(at))}
            series={columns.map(([subject, own]) => {
              const byTime = new Map(own.map(({ at, value }) => [at, value]));
              return { label: subject || 'all', values: times.map((at) => byTime.get(at) ?? null) };
            })}
            thresholds={threshold == null ? [] : [{ value: threshold, label: `drift above ${number(threshold)}` }]}
            marks={marks}
            format={number}
            fromZero
          />
        );
      })}
    </Columns>
  );
}
