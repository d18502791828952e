import { useParams } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { AliasHistory, ModelVersion } from '../../../contracts/models.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { onOrAgo, useNow } from '../../format/time.ts';
import { Go } from '../../ui/go.tsx';
import { Loaded, Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { RolloutStatus } from '../rollouts/status.tsx';
import { Aliases } from './aliases.tsx';
import { Configurations } from './configurations.tsx';
import { Metrics } from './metrics.tsx';
import { RollBack, useMayMove } from './move-alias.tsx';
import { useHistory, useModels, useOpenRollouts, useRolloutDefaults, useTraffic } from './queries.ts';
import { Traffic } from './traffic.tsx';
import { Versions } from './versions.tsx';
import { modelTraffic, rolloutStepWords, versionWith } from './words.ts';

/** Which version is the champion, since when, and what comes after it. */
function championWords(versions: readonly ModelVersion[], history: AliasHistory | undefined, now: number): string {
  const champion = versionWith('champion', versions);
  const challenger = versionWith('challenger', versions);
  const since = history?.changes.find(({ alias }) => alias === 'champion')?.at;
  const first = champion
    ? `Version ${champion.version} ${since ? `became the champion ${onOrAgo(since, now)}` : 'is the champion'}.`
    : 'There is no champion: nothing answers.';
  return challenger ? `${first} Version ${challenger.version} is the challenger.` : first;
}

/** One model: its versions, metrics, traffic, aliases and configurations. */
export default function Model(): ReactElement {
  const { id = '' } = useParams({ strict: false });
  const { tab = 'versions' } = useAddress();
  const setAddress = useSetAddress();
  const now = useNow();
  const list = useModels(id);
  const history = useHistory(id);
  const traffic = useTraffic();
  const defaults = useRolloutDefaults(id);
  const rollouts = useOpenRollouts()?.filter(({ model }) => model === id) ?? [];
  const versions = (list.data?.models ?? []).toSorted((a, b) => b.version - a.version);
  const refused = useMayMove(list.data, 'champion');
  const champion = versionWith('champion', versions)?.version ?? null;
  return (
    <Page
      title={id}
      crumbs={<Go href={links.models}>Models</Go>}
      answer={
        versions.length === 0 ? undefined : (
          <>
            {championWords(versions, history.data, now)}{' '}
            {modelTraffic(id, traffic.data?.traffic ?? [])
              .slice(0, 3)
              .join(' ')}
            {rollouts.slice(0, 3).map((rollout) => (
              <span key={rollout.id}>
                {' '}
                <RolloutStatus status={rollout.status} bare />{' '}
                <Go href={links.rollout(rollout.id)}>{rolloutStepWords(rollout)}</Go>.
              </span>
            ))}
          </>
        )
      }
      actions={
        champion === null ? null : (
          <RollBack
            model={id}
            alias="champion"
            before={champion}
            refused={refused}
            to={history.data?.backTo['champion'] ?? null}
          />
        )
      }
    >
      <Loaded query={list}>
        {(known) =>
          versions.length === 0 ? (
            <Empty title={`There is no model “${id}”`} command="perennial models ls">
              It may have been renamed, or all of its versions deleted.
            </Empty>
          ) : (
            <Tabs
              label={`Parts of ${id}`}
              value={tab}
              onChange={(next) => setAddress({ tab: next === 'versions' ? null : next })}
              tabs={[
                {
                  id: 'versions',
                  title: 'Versions',
                  count: versions.length,
                  content: () => <Versions model={id} versions={versions} />,
                },
                {
                  id: 'metrics',
                  title: 'Metrics over time',
                  content: () => (
                    <Loaded query={history}>
                      {(changes) => <Metrics model={id} versions={versions} history={changes} />}
                    </Loaded>
                  ),
                },
                {
                  id: 'traffic',
                  title: 'Traffic',
                  content: () => <Traffic model={id} defaults={defaults.data} />,
                },
                {
                  id: 'aliases',
                  title: 'Aliases',
                  content: () => (
                    <Loaded query={history}>
                      {(changes) => <Aliases model={id} versions={versions} list={known} history={changes} />}
                    </Loaded>
                  ),
                },
                { id: 'configurations', title: 'Configurations', content: () => <Configurations model={id} /> },
              ]}
            />
          )
        }
      </Loaded>
    </Page>
  );
}
