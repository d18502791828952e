import { useParams } from '@tanstack/react-router';
import { type ReactElement, useCallback, useMemo, useState } from 'react';
import type { RunDetail } from '../../../contracts/runs.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { useNow } from '../../format/time.ts';
import { Go } from '../../ui/go.tsx';
import { Loaded, Page, Section } from '../../ui/page.tsx';
import { Status } from '../../ui/status.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { FailureBox } from './failure.tsx';
import { Gantt } from './gantt.tsx';
import { useLiveRun } from './live-run.ts';
import { LogView } from './logs.tsx';
import { useRun } from './queries.ts';
import styles from './run.module.css';
import { RunActions } from './run-actions.tsx';
import { RunFacts, RunParameters } from './run-facts.tsx';
import { RunGraph } from './run-graph.tsx';
import { answerOf } from './sentences.ts';
import { StepPanel } from './step-panel.tsx';
import { timelineOf } from './timeline.ts';

/** One run: its state, why it failed, its graph and its steps over time, each of them in detail, and its log. */
export default function RunPage(): ReactElement {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const query = useRun(id);
  if (query.data) return <Shown run={query.data} />;
  return (
    <Page title="Run" crumbs={<Go href={links.runs}>Runs</Go>}>
      <Loaded query={query} lines={12}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function Shown({ run }: { readonly run: RunDetail }): ReactElement {
  const search = useAddress();
  const setAddress = useSetAddress();
  const [news, setNews] = useState(0);
  useLiveRun(run, () => setNews((before) => before + 1));
  const isOpen = run.finishedAt === null;
  const pace = useNow(isOpen ? 1_000 : 60_000);
  // What has ended does not move.
  const now = isOpen ? Math.max(pace, newestIn(run)) : Date.parse(run.finishedAt ?? '');
  const timeline = useMemo(() => timelineOf(run, now), [run, now]);
  const onSelect = useCallback(
    (step: string, item?: string) => setAddress({ step, item: item ?? null, line: null, tab: null }),
    [setAddress],
  );
  const chosen = run.steps.find(({ stepId, mapKey }) => stepId === search['step'] && mapKey === (search['item'] ?? ''));
  const plan = run.plan.steps.find(({ id }) => id === chosen?.stepId);
  const title = `${run.pipeline}${run.partition ? ` ${run.partition}` : ''}`;
  const steps = (
    <div className={styles.split} data-panel={chosen ? '' : undefined}>
      <div className={styles.pictures}>
        <Section title="Graph">
          <RunGraph run={run} timeline={timeline} selected={search['step']} onSelect={onSelect} />
        </Section>
        <Section title="Steps">
          <Gantt
            run={run}
            timeline={timeline}
            now={now}
            selected={{ step: search['step'], item: search['item'] }}
            onSelect={onSelect}
          />
        </Section>
      </div>
      {chosen && plan ? (
        <StepPanel
          run={run}
          step={chosen}
          plan={plan}
          news={news}
          onSelect={onSelect}
          onClose={() => setAddress({ step: null, item: null, line: null })}
        />
      ) : null}
    </div>
  );
  return (
    <Page
      title={title}
      crumbs={
        <>
          <Go href={links.runs}>Runs</Go> / <span className="mono">{run.id.slice(0, 8)}</span>
        </>
      }
      answer={
        <span className={styles.answer}>
          {/* The sentence begins with the word. */}
          <span aria-hidden>
            <Status status={run.status} bare />
          </span>
          {answerOf(run, isOpen ? pace : now)}
        </span>
      }
      actions={<RunActions run={run} />}
    >
      {run.status === 'failed' ? <FailureBox run={run} onSelect={onSelect} /> : null}
      <RunFacts run={run} />
      <Tabs
        label="Parts of the run"
        value={search['tab'] ?? 'steps'}
        onChange={(tab) => setAddress({ tab: tab === 'steps' ? null : tab })}
        tabs={[
          { id: 'steps', title: 'Steps', count: run.plan.steps.length, content: () => steps },
          { id: 'log', title: 'Log', content: () => <LogView run={run} news={news} /> },
          { id: 'parameters', title: 'Parameters and plan', content: () => <RunParameters run={run} /> },
        ]}
      />
    </Page>
  );
}

/** The newest time in a run: the clocks of server and browser may differ. */
function newestIn(run: RunDetail): number {
  return Math.max(
    ...run.steps.flatMap(({ startedAt, finishedAt }) => [startedAt, finishedAt].map((at) => (at ? Date.parse(at) : 0))),
    0,
  );
}
