import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { DatasetLook, DatasetWatch, WebhookSource } from '../../../contracts/webhooks.ts';
import { useMay } from '../../app/session.ts';
import { get, patch } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Mark } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { useAction } from '../../ui/use-action.ts';

/** Who may send webhooks, and where data land. */
export function Sources(): ReactElement {
  const mayAdminister = useMay('admin');
  const sources = useQuery({
    queryKey: ['events', 'sources'],
    queryFn: ({ signal }) =>
      get<{ readonly sources: readonly WebhookSource[] }>('/v1/webhook-sources', undefined, signal),
  });
  const watches = useQuery({
    queryKey: ['events', 'watches'],
    queryFn: ({ signal }) =>
      get<{ readonly watches: readonly (DatasetWatch & DatasetLook)[] }>('/v1/watches', undefined, signal),
  });
  const enable = useAction(
    ({ id, enabled }: { id: string; enabled: boolean }) =>
      patch(`/v1/webhook-sources/${encodeURIComponent(id)}`, { enabled }),
    { topics: ['events'], done: ({ id, enabled }) => `${id} is ${enabled ? 'on' : 'off'}.` },
  );
  return (
    <>
      <Section title="Webhooks">
        <Loaded query={sources} lines={3}>
          {({ sources: rows }) => (
            <DataTable
              label="Sources of webhooks"
              rows={rows}
              rowId={({ id }) => id}
              empty={
                <Empty title="Nobody may send webhooks yet" command="perennial webhooks add shop">
                  A source has an address of its own and a secret that signs what it sends.
                </Empty>
              }
              columns={[
                {
                  id: 'on',
                  header: 'State',
                  card: 'mark',
                  cell: ({ enabled }) => <Mark tone={enabled ? 'ok' : 'skipped'} word={enabled ? 'on' : 'off'} />,
                },
                { id: 'id', header: 'Address', cell: ({ id }) => <code>/v1/webhooks/{id}</code> },
                { id: 'scheme', header: 'Signed by', wide: true, cell: ({ scheme }) => scheme },
                {
                  id: 'type',
                  header: 'Events',
                  wide: true,
                  grow: true,
                  cell: ({ eventType }) => eventType ?? 'named by the sender',
                },
                {
                  id: 'switch',
                  header: '',
                  cell: ({ id, enabled }) =>
                    mayAdminister ? (
                      <Confirm
                        title={enabled ? `Switch ${id} off?` : `Switch ${id} on?`}
                        consequence={
                          enabled
                            ? 'What it sends is refused with 403 until it is on again.'
                            : 'What it sends is taken again.'
                        }
                        action={enabled ? 'Switch off' : 'Switch on'}
                        onConfirm={() => enable.mutateAsync({ id, enabled: !enabled })}
                      >
                        <Button small>{enabled ? 'Switch off' : 'Switch on'}</Button>
                      </Confirm>
                    ) : null,
                },
              ]}
            />
          )}
        </Loaded>
      </Section>
      <Section title="Places in which data land">
        <Loaded query={watches} lines={3}>
          {({ watches: rows }) => (
            <DataTable
              label="Watched places"
              rows={rows}
              rowId={({ id }) => id}
              empty={
                <Empty title="No place is watched" command="perennial watches add sales s3://bucket/sales">
                  Each complete file in a watched folder or bucket becomes the event dataset.landed.
                </Empty>
              }
              columns={[
                {
                  id: 'state',
                  header: 'State',
                  card: 'mark',
                  cell: ({ error, lookedAt }) => (
                    <Mark
                      tone={error ? 'failed' : lookedAt ? 'ok' : 'waiting'}
                      word={error ? 'cannot be read' : lookedAt ? 'watched' : 'not looked yet'}
                    />
                  ),
                },
                { id: 'id', header: 'Name', cell: ({ id }) => id },
                {
                  id: 'location',
                  header: 'Place',
                  grow: true,
                  cell: ({ location, pattern }) => <code>{pattern ? `${location}/${pattern}` : location}</code>,
                },
                { id: 'error', header: 'Fault', wide: true, cell: ({ error }) => error?.message ?? '' },
                { id: 'looked', header: 'Looked', cell: ({ lookedAt }) => <Time at={lookedAt} /> },
              ]}
            />
          )}
        </Loaded>
      </Section>
    </>
  );
}
