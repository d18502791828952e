import { useParams, useRouter } from '@tanstack/react-router';
import { CalendarRange, Play } from 'lucide-react';
import type { ReactElement } from 'react';
import { useAddress, useSetAddress } from '../../../app/address.ts';
import { links } from '../../../app/links.ts';
import { useMay } from '../../../app/session.ts';
import { duration, relative, useNow } from '../../../format/time.ts';
import { Button } from '../../../ui/button.tsx';
import { Go } from '../../../ui/go.tsx';
import { GoButton } from '../../../ui/go-button.tsx';
import { Loaded, Page } from '../../../ui/page.tsx';
import { RunStrip } from '../../../ui/run-strip.tsx';
import { Mark } from '../../../ui/status.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { usePipeline } from '../../runs/queries.ts';
import { StartRun } from '../../runs/start-run.tsx';
import { pipelineLooks } from '../../today/health.tsx';
import { useOverview } from '../../today/queries.ts';
import { BackfillList } from '../backfills/list.tsx';
import { DeadlineList } from '../deadlines/list.tsx';
import { RuleList } from '../rules/list.tsx';
import { ScheduleList } from '../schedules/list.tsx';
import { GraphTab } from './graph-tab.tsx';
import { LimitsTab } from './limits-tab.tsx';
import { ParametersTab } from './parameters-tab.tsx';
import styles from './pipeline.module.css';
import { RunsTab } from './runs-tab.tsx';

/** A pipeline: how it is made, how it went, and what starts and limits it. */
export default function Pipeline(): ReactElement {
  const { id = '' } = useParams({ strict: false });
  const { tab = 'graph', start } = useAddress();
  const router = useRouter();
  const setAddress = useSetAddress();
  const may = useMay('operator');
  const now = useNow();
  const query = usePipeline(id);
  const overview = useOverview();
  const health = overview.data?.pipelines.find(({ pipeline }) => pipeline === id);
  const { data: pipeline } = query;
  const crumbs = <Go href={links.pipelines}>Pipelines</Go>;
  if (!pipeline)
    return (
      <Page title={id} crumbs={crumbs}>
        <Loaded query={query}>{() => null}</Loaded>
      </Page>
    );
  return (
    <Page
      title={pipeline.title}
      crumbs={crumbs}
      answer={overview.isPending ? null : health?.sentence}
      actions={
        may ? (
          <>
            {pipeline.partition ? (
              <GoButton href={links.newBackfill(id)} icon={CalendarRange}>
                Backfill
              </GoButton>
            ) : null}
            <Button kind="primary" icon={Play} onClick={() => setAddress({ start: 'yes' })}>
              Start a run
            </Button>
          </>
        ) : null
      }
    >
      <div className={styles.summary}>
        <p className="muted">{pipeline.description}</p>
        {health ? (
          <div className={styles.health}>
            <Mark tone={pipelineLooks[health.state][0]} word={pipelineLooks[health.state][1]} />
            <RunStrip runs={health.recent} />
            {health.typicalSeconds === null ? null : (
              <span>usually takes {duration(health.typicalSeconds * 1_000)}</span>
            )}
            {health.nextStart ? (
              <div className={styles.pair}>
                <span>next start</span>
                <Go href={links.schedule(health.nextStart.schedule)}>{relative(health.nextStart.at, now)}</Go>
              </div>
            ) : null}
          </div>
        ) : overview.isPending ? (
          <div className={styles.health} data-loading />
        ) : null}
      </div>
      <Tabs
        label="About the pipeline"
        value={tab}
        onChange={(next) => setAddress({ tab: next, step: null, state: null })}
        tabs={[
          {
            id: 'graph',
            title: 'Graph',
            content: () => (
              <GraphTab
                pipeline={pipeline}
                newest={(health?.recent.find(({ startedAt }) => startedAt !== null) ?? health?.lastRun)?.id ?? null}
              />
            ),
          },
          { id: 'runs', title: 'Runs', content: () => <RunsTab pipeline={id} /> },
          { id: 'schedules', title: 'Schedules', content: () => <ScheduleList pipeline={id} /> },
          { id: 'rules', title: 'Rules', content: () => <RuleList pipeline={id} /> },
          { id: 'deadlines', title: 'Deadlines', content: () => <DeadlineList pipeline={id} /> },
          { id: 'backfills', title: 'Backfills', content: () => <BackfillList pipeline={id} /> },
          { id: 'parameters', title: 'Parameters', content: () => <ParametersTab pipeline={pipeline} /> },
          { id: 'limits', title: 'Limits', content: () => <LimitsTab pipeline={pipeline} /> },
        ]}
      />
      {start && may ? (
        <StartRun
          pipeline={id}
          onChoose={(other) => void router.history.push(`${links.pipeline(other)}?start=yes`)}
          onClose={() => setAddress({ start: null })}
        />
      ) : null}
    </Page>
  );
}
