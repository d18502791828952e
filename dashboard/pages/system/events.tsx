import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import type { EventRecord } from '../../../contracts/events.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { addressOf } from '../../app/hits.ts';
import { useMay } from '../../app/session.ts';
import { get, post, remove } from '../../http/client.ts';
import { usePages } from '../../http/pages.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Field } from '../../ui/field.tsx';
import { Go } from '../../ui/go.tsx';
import { Here } from '../../ui/here.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Paged } from '../../ui/paged.tsx';
import { Empty } from '../../ui/states.tsx';
import { Mark } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { useAction } from '../../ui/use-action.ts';
import styles from './system.module.css';

interface EventPage {
  readonly events: readonly EventRecord[];
  readonly next: number | null;
}

const stateOf = (event: EventRecord): ReactElement =>
  event.failedAt ? (
    <Mark tone="failed" word="given up" />
  ) : event.processedAt ? (
    <Mark tone="ok" word="done" />
  ) : (
    <Mark tone="waiting" word="waits" />
  );

/** Kinds of events whose subject has a page; of others it is a name, or a part of the data. */
const subjects = new Set(['run', 'alert', 'rollout', 'backfill']);

function Subject({ type, subject = '' }: Pick<EventRecord, 'type' | 'subject'>): ReactElement | string {
  const kind = type.split('.')[0] ?? '';
  const isId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(subject);
  if (!isId || !subjects.has(kind)) return subject;
  return <Go href={addressOf({ kind, id: subject })}>{`${kind} ${subject.slice(0, 8)}`}</Go>;
}

/** Everything that happened, as CloudEvents, and what could not be worked on. */
export function Events(): ReactElement {
  const { type = '', event } = useAddress();
  const set = useSetAddress();
  const [text, setText] = useState(type);
  const events = usePages<EventPage>({ key: ['events'], path: '/v1/events', query: { type }, cursor: 'before' });
  const columns: readonly Column<EventRecord>[] = [
    { id: 'state', header: 'State', card: 'mark', cell: stateOf },
    {
      id: 'type',
      header: 'Type',
      cell: ({ sequence, type: name }) => <Here change={{ event: String(sequence) }}>{name}</Here>,
    },
    { id: 'source', header: 'From', wide: true, cell: ({ source }) => source },
    { id: 'subject', header: 'About', grow: true, wide: true, cell: Subject },
    { id: 'at', header: 'Stored', cell: ({ receivedAt }) => <Time at={receivedAt} /> },
  ];
  return (
    <>
      <DeadLetters />
      <Section
        title="Events"
        aside={
          <form
            onSubmit={(submitted) => {
              submitted.preventDefault();
              set({ type: text.trim() });
            }}
          >
            <Field bare label="Type">
              <input
                placeholder="Type, such as run.failed"
                value={text}
                onChange={(change) => setText(change.target.value)}
              />
            </Field>
          </form>
        }
      >
        <Paged query={events}>
          {(pages) => (
            <DataTable
              label="Events"
              columns={columns}
              rows={pages.flatMap((page) => page.events)}
              rowId={({ sequence }) => String(sequence)}
              onOpen={({ sequence }) => set({ event: String(sequence) })}
              empty={
                type ? (
                  <Empty title={`No event of the type ${type}`}>`*` stands for any text, such as `run.*`.</Empty>
                ) : (
                  <Empty title="Nothing has happened yet" command="perennial events send event.json">
                    Runs, models, alerts, files that land and webhooks leave events here, which rules wait for.
                  </Empty>
                )
              }
            />
          )}
        </Paged>
      </Section>
      {event ? <EventDialog sequence={event} onClose={() => set({ event: null })} /> : null}
    </>
  );
}

function EventDialog({ sequence, onClose }: { readonly sequence: string; readonly onClose: () => void }): ReactElement {
  const query = useQuery({
    queryKey: ['events', 'one', sequence],
    queryFn: ({ signal }) => get<EventRecord>(`/v1/events/${encodeURIComponent(sequence)}`, undefined, signal),
  });
  return (
    <Dialog title={query.data?.type ?? `Event ${sequence}`} open side onClose={onClose}>
      <Loaded query={query}>
        {(event) => (
          <>
            <Facts
              facts={[
                ['State', <span key="s">{stateOf(event)}</span>],
                ['Source', event.source],
                ['Id', <code key="i">{event.id}</code>],
                ['About', event.subject ? <Subject key="a" {...event} /> : null],
                ['Happened', <Time key="t" at={event.time} />],
                ['Stored', <Time key="r" at={event.receivedAt} />],
                ['Attempts', event.attempts],
                ['Last fault', event.error?.message ?? null],
              ]}
            />
            <JsonView value={event.data ?? null} />
          </>
        )}
      </Loaded>
    </Dialog>
  );
}

function DeadLetters(): ReactElement | null {
  const mayOperate = useMay('operator');
  const query = useQuery({
    queryKey: ['events', 'dead'],
    queryFn: ({ signal }) => get<EventPage>('/v1/dead-letters', { limit: 100 }, signal),
  });
  const options = { topics: ['events'] };
  const replay = useAction((sequence: number) => post(`/v1/dead-letters/${sequence}/replay`, {}), {
    ...options,
    done: 'The event is worked on again.',
  });
  const drop = useAction((sequence: number) => remove(`/v1/dead-letters/${sequence}`), {
    ...options,
    done: 'The dead letter is off the list; its event stays.',
  });
  if (query.data?.events.length === 0) return null;
  return (
    <Section title="Given up (dead letters)">
      <Loaded query={query} lines={3}>
        {({ events }) => (
          <DataTable
            label="Dead letters"
            rows={events}
            rowId={({ sequence }) => String(sequence)}
            columns={[
              {
                id: 'type',
                header: 'Event',
                cell: ({ type, sequence }) => <Here change={{ event: String(sequence) }}>{type}</Here>,
              },
              { id: 'why', header: 'Why', grow: true, cell: ({ error }) => error?.message ?? '' },
              { id: 'at', header: 'Given up', wide: true, cell: ({ failedAt }) => <Time at={failedAt} /> },
              {
                id: 'actions',
                header: '',
                cell: ({ sequence }) =>
                  mayOperate ? (
                    <span className={styles.actions}>
                      <Button small onClick={() => replay.mutate(sequence)}>
                        Try again
                      </Button>
                      <Confirm
                        title="Take it off the list?"
                        consequence="Rules and runs never see this event. It stays among the events."
                        action="Take it off"
                        danger
                        onConfirm={() => drop.mutateAsync(sequence)}
                      >
                        <Button small>Drop…</Button>
                      </Confirm>
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
