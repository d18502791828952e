import type { ReactElement } from 'react';
import type { AliasHistory, ModelVersion } from '../../../contracts/models.ts';
import { links } from '../../app/links.ts';
import { TimeChart } from '../../charts/time-chart.tsx';
import { Columns } from '../../ui/layout.tsx';
import { Empty } from '../../ui/states.tsx';
import { promotionsOf } from './promotions.ts';
import { metricsOf, metricText, versionWith } from './words.ts';

/** Each metric over the versions by the time they were made, with the champion's value as the line to pass, and promotions as marks. */
export function Metrics({
  model,
  versions,
  history,
}: {
  readonly model: string;
  readonly versions: readonly ModelVersion[];
  readonly history: AliasHistory;
}): ReactElement {
  const oldestFirst = versions.toSorted((x, y) => (x.createdAt < y.createdAt ? -1 : 1));
  const champion = versionWith('champion', versions);
  const metrics = [
    ...new Map(versions.flatMap((version) => metricsOf(version)).map((one) => [one.name, one])).values(),
  ];
  if (metrics.length === 0)
    return <Empty title="No metric is a number">What a pipeline measures of a version would be drawn here.</Empty>;
  const times = oldestFirst.map(({ createdAt }) => Date.parse(createdAt));
  const marks = promotionsOf(history.changes).filter(({ at }) => at >= (times[0] ?? 0));
  return (
    <Columns>
      {metrics.map((metric) => {
        const best = champion?.metrics[metric.name];
        const way = metric.better === null ? '' : `, ${metric.better} is better`;
        return (
          <TimeChart
            key={metric.name}
            title={`${metric.title}${way}`}
            times={times}
            series={[
              {
                label: 'versions',
                values: oldestFirst.map(({ metrics: values }) => {
                  const value = values[metric.name];
                  return typeof value === 'number' ? value : null;
                }),
              },
            ]}
            thresholds={
              typeof best === 'number'
                ? [{ value: best, label: `champion ${champion?.version}: ${metricText(best, metric)}`, tone: 'ok' }]
                : []
            }
            marks={marks}
            format={(value) => metricText(value, metric)}
            hrefOf={(index) => links.version(model, oldestFirst[index]?.version ?? 0)}
          />
        );
      })}
    </Columns>
  );
}
