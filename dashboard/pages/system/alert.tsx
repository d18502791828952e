import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Alert, AlertChange, SilenceMatch } from '../../../contracts/alerts.ts';
import type { NotificationRecord } from '../../../contracts/notifications.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { get, post } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Page, Section } from '../../ui/page.tsx';
import { CopyText } from '../../ui/states.tsx';
import { Mark } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { useAction } from '../../ui/use-action.ts';
import { alertStateWords, severityTones } from './alerts.tsx';
import styles from './system.module.css';

type ShownAlert = Alert & {
  readonly changes: readonly AlertChange[];
  readonly notifications: readonly NotificationRecord[];
};
const hourMs = 3_600_000;

/** An alert: what happened, what it affects, the first thing to do, and whom it was told. */
export default function AlertPage(): ReactElement {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const query = useQuery({
    queryKey: ['alerts', id],
    queryFn: ({ signal }) => get<ShownAlert>(`/v1/alerts/${encodeURIComponent(id)}`, undefined, signal),
  });
  const alert = query.data;
  return (
    <Page
      title={alert?.text.title ?? 'Alert'}
      crumbs={<Go href={`${links.system}?tab=alerts`}>Alerts</Go>}
      answer={alert?.text.what}
      actions={alert ? <Actions alert={alert} /> : undefined}
    >
      <Loaded query={query}>{(shown) => <Shown alert={shown} />}</Loaded>
    </Page>
  );
}

function Shown({ alert }: { readonly alert: ShownAlert }): ReactElement {
  const { text, severity, state, pipeline, market } = alert;
  return (
    <>
      <Section title="What to do">
        <p>{text.firstStep}</p>
        {text.command ? <CopyText text={text.command} label="Copy the command" /> : null}
      </Section>
      {text.affects.length > 0 ? (
        <Section title="What it affects">
          <ul className={styles.list}>
            {text.affects.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </Section>
      ) : null}
      <Section title="The alert">
        <Facts
          facts={[
            [
              'State',
              <Mark
                key="s"
                tone={state === 'resolved' ? 'skipped' : severityTones[severity]}
                word={`${severity}, ${alertStateWords[state]}`}
              />,
            ],
            ['Since', <Time key="s" at={alert.since} />],
            [
              'Pipeline',
              pipeline ? (
                <Go key="p" href={links.pipeline(pipeline)}>
                  {pipeline}
                </Go>
              ) : null,
            ],
            [
              'Market',
              market ? (
                <Go key="m" href={links.market(market)}>
                  {market}
                </Go>
              ) : null,
            ],
            ['Definition', <code key="d">{alert.definition}</code>],
            ['Taken care by', alert.acknowledgedBy],
            ['Over because', alert.resolution],
          ]}
        />
      </Section>
      <Section title={`Findings (${alert.findingCount})`}>
        <DataTable
          label="Findings"
          rows={alert.findings}
          rowId={({ subject }) => subject}
          columns={[
            { id: 'since', header: 'Since', cell: ({ since }) => <Time at={since} /> },
            { id: 'what', header: 'What', grow: true, cell: ({ what }) => what },
            {
              id: 'subject',
              header: 'About',
              cell: ({ subject }) =>
                /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(subject) ? (
                  <Go href={links.run(subject)}>run {subject.slice(0, 8)}</Go>
                ) : (
                  subject
                ),
            },
          ]}
        />
      </Section>
      <Section title="What became of it">
        <DataTable
          label="What became of it"
          rows={alert.changes}
          rowId={({ at, kind }) => `${at} ${kind}`}
          columns={[
            { id: 'at', header: 'When', cell: ({ at }) => <Time at={at} /> },
            { id: 'kind', header: 'What', cell: ({ kind }) => kind },
            { id: 'by', header: 'By', cell: ({ by }) => by ?? 'the condition' },
            { id: 'note', header: 'Note', grow: true, cell: ({ note }) => note },
          ]}
        />
      </Section>
      <Section title="Who was told">
        <DataTable
          label="Who was told"
          rows={alert.notifications}
          rowId={({ id }) => String(id)}
          empty={<p className="muted">Nobody: no channel takes alerts of this kind, or it is silenced.</p>}
          columns={[
            {
              id: 'state',
              header: 'State',
              card: 'mark',
              cell: ({ state: of }) => (
                <Mark tone={of === 'sent' ? 'ok' : of === 'failed' ? 'failed' : 'waiting'} word={of} />
              ),
            },
            { id: 'channel', header: 'Channel', cell: ({ channel }) => channel },
            { id: 'kind', header: 'Message', cell: ({ kind }) => kind },
            {
              id: 'at',
              header: 'When',
              cell: ({ sentAt, failedAt, createdAt }) => <Time at={sentAt ?? failedAt ?? createdAt} />,
            },
            { id: 'error', header: 'Why it failed', grow: true, wide: true, cell: ({ error }) => error?.message ?? '' },
          ]}
        />
      </Section>
    </>
  );
}

function Actions({ alert }: { readonly alert: Alert }): ReactElement | null {
  const mayOperate = useMay('operator');
  const path = `/v1/alerts/${encodeURIComponent(alert.id)}`;
  const options = { topics: ['alerts', 'silences'] };
  const acknowledge = useAction((note: string) => post(`${path}/acknowledge`, note ? { note } : {}), {
    ...options,
    done: 'You take care: it is not escalated any more.',
  });
  const resolve = useAction((note: string) => post(`${path}/resolve`, { note }), {
    ...options,
    done: 'The alert is over.',
  });
  const silence = useAction(
    (reason: string) => {
      const match: SilenceMatch = { alert: alert.definition, key: alert.key };
      return post('/v1/silences', { match, reason, until: new Date(Date.now() + 8 * hourMs).toISOString() });
    },
    { ...options, done: 'Silenced for 8 hours.' },
  );
  if (!mayOperate || alert.state === 'resolved') return null;
  return (
    <>
      {alert.state === 'firing' ? (
        <Button kind="primary" busy={acknowledge.isPending} onClick={() => acknowledge.mutate('')}>
          I take care
        </Button>
      ) : null}
      <Confirm
        title="Silence this alert for 8 hours?"
        consequence="It is kept and shown, but channels are not told about it until then. The silence can be ended before."
        action="Silence"
        reason="needed"
        onConfirm={(reason) => silence.mutateAsync(reason)}
      >
        <Button>Silence…</Button>
      </Confirm>
      <Confirm
        title="Is it over?"
        consequence="The alert is closed; channels are told. It fires again when the same happens anew."
        action="It is over"
        reason="needed"
        onConfirm={(note) => resolve.mutateAsync(note)}
      >
        <Button>Resolve…</Button>
      </Confirm>
    </>
  );
}
