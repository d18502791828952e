import type { ReactElement } from 'react';
import type { MetricComparison } from '../../../contracts/model-comparison.ts';
import type { ModelVersion } from '../../../contracts/models.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Loaded } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { MetricTable } from './comparison.tsx';
import { useComparison, useModels } from './queries.ts';
import { metricsOf, metricText, versionWith } from './words.ts';

/** The metrics of a version, beside those of the champion, where it is another one. */
export function OwnMetrics({ version }: { readonly version: ModelVersion }): ReactElement {
  const models = useModels(version.model);
  const champion = versionWith('champion', models.data?.models ?? [])?.version;
  if (champion !== undefined && champion !== version.version) return <Beside version={version} champion={champion} />;
  const metrics = metricsOf(version);
  const columns: readonly Column<(typeof metrics)[number]>[] = [
    { id: 'title', header: 'Metric', cell: ({ title }) => title },
    { id: 'value', header: 'Value', numeric: true, cell: (metric) => metricText(metric.value, metric) },
    { id: 'better', header: 'Better', cell: ({ better }) => better ?? '' },
  ];
  return (
    <DataTable
      label="Metrics with their values"
      columns={columns}
      rows={metrics}
      rowId={({ name }) => name}
      empty={<Empty title="No metric is a number" />}
    />
  );
}

function Beside({ version, champion }: { readonly version: ModelVersion; readonly champion: number }): ReactElement {
  const comparison = useComparison(version.model, String(champion), String(version.version));
  return (
    <Loaded query={comparison} lines={4}>
      {({ metrics }: { metrics: readonly MetricComparison[] }) => (
        <MetricTable
          label="Metrics beside the champion"
          a={`Champion ${champion}`}
          b={`Version ${version.version}`}
          metrics={metrics}
        />
      )}
    </Loaded>
  );
}
