import type { ReactElement } from 'react';
import type { EventRef } from '../../../../contracts/rules.ts';
import { useAddress, useSetAddress } from '../../../app/address.ts';
import { links } from '../../../app/links.ts';
import { exact } from '../../../format/time.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { Go } from '../../../ui/go.tsx';
import { Here } from '../../../ui/here.tsx';
import { Loaded } from '../../../ui/page.tsx';
import { Time } from '../../../ui/time.tsx';
import { useEvent } from '../queries.ts';
import styles from './event-link.module.css';

/** An event in short; pressed, it lies beside the page, and the address says which. */
export function EventLink({ event, label }: { readonly event: EventRef; readonly label?: string }): ReactElement {
  return (
    <Here
      change={{ event: `${event.source} ${event.id}` }}
      title={`${event.type} of ${event.source}\n${exact(event.time)}`}
    >
      {label ?? event.type}
    </Here>
  );
}

/** The event that the address names, with its data and what became of it. */
export function EventDrawer(): ReactElement | null {
  const setAddress = useSetAddress();
  const { event: name = '' } = useAddress();
  const at = name.indexOf(' ');
  const ref = at < 0 ? null : { source: name.slice(0, at), id: name.slice(at + 1) };
  const query = useEvent(ref);
  if (!ref) return null;
  return (
    <Dialog title="Event" open side onClose={() => setAddress({ event: null })}>
      <Loaded query={query}>
        {(event) =>
          event === null ? (
            <p className="muted">This event is not kept any more: events are forgotten after some months.</p>
          ) : (
            <>
              <Facts
                facts={[
                  ['Type', <code key="type">{event.type}</code>],
                  ['Source', <code key="source">{event.source}</code>],
                  ['Subject', event.subject ? <Subject key="subject" {...event} /> : null],
                  ['Happened', <Time key="time" at={event.time} />],
                  [
                    'Handled',
                    event.processedAt ? (
                      <Time key="done" at={event.processedAt} />
                    ) : (
                      (event.error?.message ?? 'not yet')
                    ),
                  ],
                ]}
              />
              <pre className={styles.data}>{JSON.stringify(event.data ?? null, null, 2)}</pre>
              <p>
                <Go href={links.event(event.sequence)}>Open among all events</Go>
              </p>
            </>
          )
        }
      </Loaded>
    </Dialog>
  );
}

function Subject({ type, subject = '' }: Pick<EventRef, 'type' | 'subject'>): ReactElement {
  return type.startsWith('run.') ? <Go href={links.run(subject)}>run {subject}</Go> : <span>{subject}</span>;
}
