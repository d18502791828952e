import type { ReactElement } from 'react';
import type { PipelineHealth } from '../../../contracts/overview.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { list, plural } from '../../format/number.ts';
import { Loaded, Page } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useOverview } from '../today/queries.ts';
import { BackfillList } from './backfills/list.tsx';
import { DeadlineList } from './deadlines/list.tsx';
import { PipelineTable } from './pipeline-table.tsx';
import { useDeadlines, useRules, useSchedules } from './queries.ts';
import { RuleList } from './rules/list.tsx';
import { ScheduleList } from './schedules/list.tsx';

/** What runs here, when it starts by itself, what events lead to, and by when it is due. */
export default function Pipelines(): ReactElement {
  const { tab = 'pipelines' } = useAddress();
  const setAddress = useSetAddress();
  const overview = useOverview();
  const schedules = useSchedules().data?.length;
  const rules = useRules().data?.length;
  const deadlines = useDeadlines().data?.length;
  const counted = (count: number | undefined) => (count === undefined ? {} : { count });
  return (
    <Page title="Pipelines" answer={overview.data ? answerOf(overview.data.pipelines) : null}>
      <Tabs
        label="Pipelines and what starts them"
        value={tab}
        onChange={(next) => setAddress({ tab: next })}
        tabs={[
          {
            id: 'pipelines',
            title: 'Pipelines',
            content: () => (
              <Loaded query={overview}>{({ pipelines }) => <PipelineTable pipelines={pipelines} />}</Loaded>
            ),
          },
          { id: 'schedules', title: 'Schedules', ...counted(schedules), content: () => <ScheduleList /> },
          { id: 'rules', title: 'Rules', ...counted(rules), content: () => <RuleList /> },
          { id: 'deadlines', title: 'Deadlines', ...counted(deadlines), content: () => <DeadlineList /> },
          { id: 'backfills', title: 'Backfills', content: () => <BackfillList /> },
        ]}
      />
    </Page>
  );
}

function answerOf(pipelines: readonly PipelineHealth[]): string {
  const bad = pipelines.filter(({ state }) => state === 'failed' || state === 'late');
  if (bad.length > 0) return bad.map(({ sentence }) => sentence).join(' ');
  const running = pipelines.filter((pipeline) => pipeline.running > 0).map(({ title }) => title);
  const now = running.length > 0 ? ` ${list(running)} ${running.length === 1 ? 'is' : 'are'} running.` : '';
  return `${plural(pipelines.length, 'pipeline')}, none failed or late.${now}`;
}
