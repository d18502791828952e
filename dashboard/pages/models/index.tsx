import { useRouter } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { AliasHistory, ModelVersion } from '../../../contracts/models.ts';
import type { RolloutRecord } from '../../../contracts/rollouts.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Time } from '../../ui/time.tsx';
import { RolloutList } from '../rollouts/list.tsx';
import { RolloutStatus } from '../rollouts/status.tsx';
import { Change } from './change.tsx';
import styles from './models.module.css';
import { useHistories, useModels, useOpenRollouts, useTraffic } from './queries.ts';
import { Aliased } from './versions.tsx';
import { metricsOf, metricText, modelsAnswer, modelTraffic, rolloutWords, versionWith } from './words.ts';

interface ModelRow {
  readonly model: string;
  /** Newest first. */
  readonly versions: readonly ModelVersion[];
  readonly champion: ModelVersion | undefined;
  readonly challenger: ModelVersion | undefined;
  readonly newest: ModelVersion;
  readonly history: AliasHistory | undefined;
  readonly rollouts: readonly RolloutRecord[];
  readonly traffic: readonly string[];
}

const columns: readonly Column<ModelRow>[] = [
  {
    id: 'model',
    header: 'Model',
    cell: ({ model, newest }) => (
      <>
        <Go href={links.model(model)}>
          <strong>{model}</strong>
        </Go>
        <div className="muted">{newest.facts?.title}</div>
      </>
    ),
    sort: ({ model }) => model,
  },
  {
    id: 'champion',
    header: 'Champion',
    cell: (row) => (
      <>
        <VersionLink version={row.champion} />
        <div className="muted">
          {row.history ? <Time at={row.history.changes.find(({ alias }) => alias === 'champion')?.at} /> : null}
        </div>
      </>
    ),
    sort: ({ champion }) => champion?.version,
  },
  { id: 'metric', header: 'Key metric', cell: (row) => <KeyMetric {...row} /> },
  {
    id: 'traffic',
    header: 'Traffic',
    cell: ({ traffic }) => (
      <div className={styles.words}>
        {traffic.slice(0, 3).map((line) => (
          <div key={line}>{line}</div>
        ))}
        {traffic.length > 3 ? <div className="muted">and {traffic.length - 3} markets more</div> : null}
      </div>
    ),
  },
  {
    id: 'rollout',
    header: 'Rollout under way',
    cell: ({ rollouts }) =>
      rollouts.length === 0 ? (
        <span className="muted">none</span>
      ) : (
        rollouts.slice(0, 3).map((rollout) => (
          <div key={rollout.id} className={styles.words}>
            <RolloutStatus status={rollout.status} bare />{' '}
            <Go href={links.rollout(rollout.id)}>{rolloutWords(rollout)}</Go>
          </div>
        ))
      ),
  },
  {
    id: 'newest',
    header: 'Newest',
    cell: ({ newest, challenger }) => (
      <>
        <VersionLink version={newest} />
        {newest === challenger ? <Aliased aliases={['challenger']} /> : null}
        <div className="muted">
          <Time at={newest.createdAt} />
        </div>
        {challenger && challenger !== newest ? (
          <div>
            <VersionLink version={challenger} />
            <Aliased aliases={['challenger']} />
          </div>
        ) : null}
      </>
    ),
    sort: ({ newest }) => newest.createdAt,
  },
];

function VersionLink({ version }: { readonly version: ModelVersion | undefined }): ReactElement {
  if (!version) return <span className="muted">none</span>;
  return <Go href={links.version(version.model, version.version)}>version {version.version}</Go>;
}

/** The first metric of the champion, with its change against the champion before. */
function KeyMetric({ champion, newest, versions, history }: ModelRow): ReactElement {
  const shown = champion ?? newest;
  const [metric] = metricsOf(shown);
  if (!metric) return <span className="muted">none</span>;
  const earlier = history?.changes.find(
    ({ alias, version }) => alias === 'champion' && version !== null && version !== shown.version,
  )?.version;
  const before = versions.find(({ version }) => version === earlier)?.metrics[metric.name];
  return (
    <>
      {metric.title} {metricText(metric.value, metric)}
      {typeof before === 'number' ? (
        <div>
          <Change difference={metric.value - before} meaning={metric} />{' '}
          <span className="muted">than version {earlier}</span>
        </div>
      ) : null}
    </>
  );
}

/** All models: what serves, since when, how good it is, and what is being brought in; and the rollouts. */
export default function Models(): ReactElement {
  const { tab = 'models' } = useAddress();
  const setAddress = useSetAddress();
  const router = useRouter();
  const models = useModels();
  const traffic = useTraffic();
  const open = useOpenRollouts();
  const names = [...new Set(models.data?.models.map(({ model }) => model))].sort();
  const histories = useHistories(names);
  const rows = names.map((model): ModelRow => {
    const versions = (models.data?.models ?? [])
      .filter((one) => one.model === model)
      .sort((a, b) => b.version - a.version);
    return {
      ...{ model, versions, newest: versions[0] as ModelVersion, history: histories.get(model) },
      champion: versionWith('champion', versions),
      challenger: versionWith('challenger', versions),
      rollouts: open?.filter((rollout) => rollout.model === model) ?? [],
      traffic: modelTraffic(model, traffic.data?.traffic ?? []),
    };
  });
  return (
    <Page title="Models" answer={models.data ? modelsAnswer(names.length, open) : undefined}>
      <Tabs
        label="Models and rollouts"
        value={tab}
        onChange={(next) => setAddress({ tab: next === 'models' ? null : next, model: null, status: null })}
        tabs={[
          {
            id: 'models',
            title: 'Models',
            content: () => (
              <Loaded query={models}>
                {() => (
                  <DataTable
                    label="Models"
                    columns={columns}
                    rows={rows}
                    rowId={({ model }) => model}
                    onOpen={({ model }) => router.history.push(links.model(model))}
                    empty={
                      <Empty title="No model yet" command="perennial run offers --param train=always">
                        Runs that train publish versions; each would stand here with what it serves.
                      </Empty>
                    }
                  />
                )}
              </Loaded>
            ),
          },
          {
            id: 'rollouts',
            title: 'Rollouts',
            ...(open ? { count: open.length } : {}),
            content: () => <RolloutList models={names} />,
          },
        ]}
      />
    </Page>
  );
}
