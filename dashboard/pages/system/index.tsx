import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { plural } from '../../format/number.ts';
import { Here } from '../../ui/here.tsx';
import { Page } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Alerts } from './alerts.tsx';
import { Audit } from './audit.tsx';
import { Events } from './events.tsx';
import { Keys } from './keys.tsx';
import { Messages } from './messages.tsx';
import { openAlerts, workerList } from './queries.ts';
import { Queues } from './queues.tsx';
import { Sources } from './sources.tsx';
import { Workers } from './workers.tsx';

/** What the installation is made of and how it does: processes, queues, alerts, messages, events, keys, and who did what. */
export default function System(): ReactElement {
  const { tab = 'alerts' } = useAddress();
  const set = useSetAddress();
  const alerts = useQuery(openAlerts);
  const workers = useQuery(workerList);
  const dead = workers.data?.workers.filter(({ state }) => state === 'dead').length ?? 0;
  const alive = workers.data?.workers.filter(({ state }) => state === 'alive').length ?? 0;
  const open = alerts.data?.alerts.length ?? 0;
  const answer =
    alerts.data && workers.data ? (
      <>
        {workers.data.workers.length === 0 ? (
          'No process has given a sign of life yet'
        ) : (
          <Here change={{ tab: 'workers' }}>
            {alive === 0 ? 'No process is alive' : `${plural(alive, 'process', 'processes')} alive`}
            {dead > 0 ? `, ${dead} dead` : ''}
          </Here>
        )}
        ; {open === 0 ? 'no alert is open' : <Here change={{ tab: 'alerts' }}>{`${plural(open, 'alert')} open`}</Here>}.
      </>
    ) : undefined;
  return (
    <Page title="System" answer={answer}>
      <Tabs
        label="Parts of the system"
        value={tab}
        onChange={(next) =>
          set({ tab: next, event: null, type: null, state: null, actor: null, action: null, subject: null })
        }
        tabs={[
          { id: 'alerts', title: 'Alerts', ...(open > 0 ? { count: open } : {}), content: () => <Alerts /> },
          { id: 'workers', title: 'Workers', content: () => <Workers /> },
          { id: 'queues', title: 'Queues', content: () => <Queues /> },
          { id: 'messages', title: 'Messages', content: () => <Messages /> },
          { id: 'events', title: 'Events', content: () => <Events /> },
          { id: 'sources', title: 'Sources', content: () => <Sources /> },
          { id: 'audit', title: 'Audit log', content: () => <Audit /> },
          { id: 'keys', title: 'Keys', content: () => <Keys /> },
        ]}
      />
    </Page>
  );
}
