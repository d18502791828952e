import { useRouter } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { ModelVersion } from '../../../contracts/models.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { bytes } from '../../format/number.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Row } from '../../ui/layout.tsx';
import { Empty } from '../../ui/states.tsx';
import { Badge } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { Change } from './change.tsx';
import { Comparison } from './comparison.tsx';
import styles from './models.module.css';
import { metricsOf, metricText, versionWith } from './words.ts';

/** Metrics that have a column of their own; the others stand on the version's page. */
const shownMetrics = 3;

/** Its aliases as badges. */
export function Aliased({ aliases }: Pick<ModelVersion, 'aliases'>): ReactElement | null {
  if (aliases.length === 0) return null;
  return (
    <span className={styles.aliases}>
      {aliases.map((alias) => (
        <Badge key={alias} {...(alias === 'champion' ? { tone: 'ok' as const } : {})}>
          {alias}
        </Badge>
      ))}
    </span>
  );
}

const sizeOf = ({ files }: ModelVersion): number => files.reduce((sum, file) => sum + file.bytes, 0);

function columnsOf(versions: readonly ModelVersion[]): readonly Column<ModelVersion>[] {
  const champion = versionWith('champion', versions);
  const known = new Map(versions.flatMap((version) => metricsOf(version)).map((metric) => [metric.name, metric]));
  return [
    {
      id: 'version',
      header: 'Version',
      cell: ({ model, version, aliases }) => (
        <>
          <Go href={links.version(model, version)}>{version}</Go>
          <Aliased aliases={aliases} />
        </>
      ),
      sort: ({ version }) => version,
      numeric: false,
    },
    ...[...known.values()].slice(0, shownMetrics).map(
      (metric): Column<ModelVersion> => ({
        id: `metric ${metric.name}`,
        header: metric.title,
        cell: ({ version, metrics }) => {
          const value = metrics[metric.name];
          const best = champion?.metrics[metric.name];
          if (typeof value !== 'number') return <span className="muted">–</span>;
          return (
            <span className={styles.cells}>
              {metricText(value, metric)}
              {typeof best === 'number' && version !== champion?.version ? (
                <Change difference={value - best} meaning={metric} />
              ) : (
                <span className="muted">{version === champion?.version ? 'champion' : ''}</span>
              )}
            </span>
          );
        },
        sort: ({ metrics }) => metrics[metric.name] as number | undefined,
      }),
    ),
    {
      id: 'labels',
      header: 'Labels',
      cell: ({ labels }) => (
        <div className={styles.words}>
          {Object.entries(labels).map(([name, value]) => (
            <div key={name}>
              {name}: {value}
            </div>
          ))}
        </div>
      ),
    },
    { id: 'size', header: 'Size', numeric: true, cell: (version) => bytes(sizeOf(version)), sort: sizeOf },
    { id: 'run', header: 'Made by', cell: ({ runId }) => <Go href={links.run(runId)}>run {runId.slice(0, 8)}</Go> },
    { id: 'at', header: 'Made', cell: ({ createdAt }) => <Time at={createdAt} />, sort: ({ createdAt }) => createdAt },
  ];
}

/** Versions with what is better than the champion; two that are chosen stand side by side. */
export function Versions({
  model,
  versions,
}: {
  readonly model: string;
  readonly versions: readonly ModelVersion[];
}): ReactElement {
  const { chosen = '' } = useAddress();
  const setAddress = useSetAddress();
  const router = useRouter();
  const ids = chosen === '' ? [] : chosen.split(',');
  const [a, b] = [...ids].sort((x, y) => Number(x) - Number(y));
  return (
    <>
      <Row>
        <span className="muted">
          {ids.length === 2
            ? `Versions ${a} and ${b} are compared below.`
            : ids.length > 2
              ? `${ids.length} are chosen: two can be compared.`
              : 'Choose two to compare them.'}
        </span>
        {ids.length > 0 ? (
          <Button small kind="quiet" onClick={() => setAddress({ chosen: null }, true)}>
            Choose none
          </Button>
        ) : null}
      </Row>
      <DataTable
        label={`Versions of ${model}`}
        columns={columnsOf(versions)}
        rows={versions}
        rowId={({ version }) => String(version)}
        onOpen={({ version }) => router.history.push(links.version(model, version))}
        selection={new Set(ids)}
        onSelect={(next) => setAddress({ chosen: [...next].join(',') }, true)}
        empty={<Empty title="No version" />}
      />
      {ids.length === 2 && a && b ? <Comparison model={model} a={a} b={b} /> : null}
    </>
  );
}
