import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { Channel, NotificationRecord } from '../../../contracts/notifications.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { get, patch, post } from '../../http/client.ts';
import { usePages } from '../../http/pages.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Select } from '../../ui/field.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Paged } from '../../ui/paged.tsx';
import { Empty } from '../../ui/states.tsx';
import { Mark, type Tone } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { useAction } from '../../ui/use-action.ts';
import styles from './system.module.css';

const tones: Readonly<Record<NotificationRecord['state'], Tone>> = { sent: 'ok', failed: 'failed', waiting: 'waiting' };

/** Where messages go, and what became of each. */
export function Messages(): ReactElement {
  return (
    <>
      <Channels />
      <Sent />
    </>
  );
}

function Channels(): ReactElement {
  const mayAdminister = useMay('admin');
  const channels = useQuery({
    queryKey: ['channels'],
    queryFn: ({ signal }) => get<{ readonly channels: readonly Channel[] }>('/v1/channels', undefined, signal),
  });
  const options = { topics: ['channels', 'notifications'] };
  const test = useAction((id: string) => post(`/v1/channels/${encodeURIComponent(id)}/test`, {}), {
    ...options,
    done: 'A test message is on its way; see below what becomes of it.',
  });
  const enable = useAction(
    ({ id, enabled }: { id: string; enabled: boolean }) => patch(`/v1/channels/${encodeURIComponent(id)}`, { enabled }),
    {
      ...options,
      done: ({ id, enabled }) => `${id} is ${enabled ? 'on' : 'off'}.`,
      undo: ({ id, enabled }) => patch(`/v1/channels/${encodeURIComponent(id)}`, { enabled: !enabled }),
    },
  );
  return (
    <Section title="Channels">
      <Loaded query={channels} lines={3}>
        {({ channels: rows }) => (
          <DataTable
            label="Channels"
            rows={rows}
            rowId={({ id }) => id}
            empty={
              <Empty
                title="No channel: nobody is told"
                command="perennial channels add ops slack --url https://hooks.slack.com/services/…"
              >
                Alerts and digests go to e-mail, Slack, Teams or a signed webhook.
              </Empty>
            }
            columns={[
              {
                id: 'on',
                header: 'State',
                card: 'mark',
                cell: ({ enabled }) => <Mark tone={enabled ? 'ok' : 'skipped'} word={enabled ? 'on' : 'off'} />,
              },
              { id: 'id', header: 'Channel', cell: ({ id }) => id, sort: ({ id }) => id },
              { id: 'kind', header: 'Kind', wide: true, cell: ({ kind }) => kind, sort: ({ kind }) => kind },
              { id: 'target', header: 'Goes to', grow: true, wide: true, cell: ({ target }) => target },
              { id: 'topics', header: 'Topics', wide: true, cell: ({ settings }) => settings.topics?.join(', ') },
              {
                id: 'actions',
                header: '',
                cell: ({ id, enabled }) =>
                  mayAdminister ? (
                    <span className={styles.actions}>
                      <Button small disabled={!enabled} onClick={() => test.mutate(id)}>
                        Test
                      </Button>
                      <Button small onClick={() => enable.mutate({ id, enabled: !enabled })}>
                        {enabled ? 'Switch off' : 'Switch on'}
                      </Button>
                    </span>
                  ) : null,
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

function Sent(): ReactElement {
  const { state = '' } = useAddress();
  const set = useSetAddress();
  const mayOperate = useMay('operator');
  const messages = usePages<{ readonly notifications: readonly NotificationRecord[]; readonly next: number | null }>({
    key: ['notifications'],
    path: '/v1/notifications',
    query: { state },
    cursor: 'before',
  });
  const resend = useAction((id: number) => post(`/v1/notifications/${id}/resend`, {}), {
    topics: ['notifications'],
    done: 'The message is sent again.',
  });
  return (
    <Section
      title="Messages"
      aside={
        <Select
          bare
          label="State"
          value={state}
          onChange={(value) => set({ state: value })}
          choices={[
            { value: '', label: 'all' },
            { value: 'failed', label: 'given up' },
            { value: 'waiting', label: 'waiting' },
            { value: 'sent', label: 'sent' },
          ]}
        />
      }
    >
      <Paged query={messages}>
        {(pages) => (
          <DataTable
            label="Messages"
            rows={pages.flatMap((page) => page.notifications)}
            rowId={({ id }) => String(id)}
            empty={
              state === '' ? (
                <Empty title="No message yet">
                  What alerts, escalations and digests tell by the channels above would stand here, and whether it
                  arrived.
                </Empty>
              ) : (
                <Empty title="There is no such message" />
              )
            }
            columns={[
              {
                id: 'state',
                header: 'State',
                card: 'mark',
                cell: ({ state: of }) => <Mark tone={tones[of]} word={of === 'failed' ? 'given up' : of} />,
              },
              {
                id: 'title',
                header: 'Message',
                grow: true,
                cell: ({ title, alertId }) => (alertId ? <Go href={links.alert(alertId)}>{title}</Go> : title),
              },
              { id: 'channel', header: 'Channel', cell: ({ channel }) => channel },
              { id: 'error', header: 'Why it failed', wide: true, cell: ({ error }) => error?.message ?? '' },
              { id: 'at', header: 'When', cell: ({ createdAt }) => <Time at={createdAt} /> },
              {
                id: 'again',
                header: '',
                cell: ({ id, state: of }) =>
                  mayOperate && of === 'failed' ? (
                    <Button small onClick={() => resend.mutate(id)}>
                      Send again
                    </Button>
                  ) : null,
              },
            ]}
          />
        )}
      </Paged>
    </Section>
  );
}
