import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Alert, AlertDefinitionRecord, AlertState, Silence } from '../../../contracts/alerts.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { get, post, remove } from '../../http/client.ts';
import { usePages } from '../../http/pages.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Select } from '../../ui/field.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Paged } from '../../ui/paged.tsx';
import { Empty } from '../../ui/states.tsx';
import { Mark, type Tone } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { useAction } from '../../ui/use-action.ts';
import { conditionOf } from './condition.ts';
import type { AlertPage } from './queries.ts';
import styles from './system.module.css';

/** How urgent an alert is, as a colour. */
export const severityTones: Readonly<Record<Alert['severity'], Tone>> = {
  critical: 'failed',
  warning: 'late',
  info: 'waiting',
};

export const alertStateWords: Readonly<Record<AlertState, string>> = {
  firing: 'firing',
  acknowledged: 'somebody takes care',
  resolved: 'over',
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const columns: readonly Column<Alert>[] = [
  {
    id: 'severity',
    header: 'Severity',
    card: 'mark',
    cell: ({ severity, state }) => (
      <Mark tone={state === 'resolved' ? 'skipped' : severityTones[severity]} word={severity} />
    ),
    sort: ({ severity }) => severity,
  },
  {
    id: 'title',
    header: 'Alert',
    grow: true,
    cell: (alert) => (
      <div className={styles.wrapped}>
        <Go href={links.alert(alert.id)}>{alert.text.title}</Go>
        <div className={styles.second}>{alert.text.what}</div>
      </div>
    ),
  },
  {
    id: 'state',
    header: 'State',
    card: 'mark',
    wide: true,
    cell: ({ state, silencedBy }) => `${alertStateWords[state]}${silencedBy ? ', silenced' : ''}`,
  },
  { id: 'since', header: 'Since', cell: ({ since }) => <Time at={since} />, sort: ({ since }) => since },
];

/** Alerts, whom nobody tells (silences), and when somebody is told (definitions). */
export function Alerts(): ReactElement {
  const router = useRouter();
  const { state = 'open' } = useAddress();
  const set = useSetAddress();
  const alerts = usePages<AlertPage>({ key: ['alerts', 'list'], path: '/v1/alerts', query: { state } });
  return (
    <>
      <Section
        title="Alerts"
        aside={
          <Select
            bare
            label="State"
            value={state}
            onChange={(value) => set({ state: value === 'open' ? null : value })}
            choices={[
              { value: 'open', label: 'open' },
              { value: 'firing', label: 'nobody takes care' },
              { value: 'acknowledged', label: 'somebody takes care' },
              { value: 'resolved', label: 'over' },
              { value: 'all', label: 'all' },
            ]}
          />
        }
      >
        <Paged query={alerts}>
          {(pages) => (
            <DataTable
              label="Alerts"
              columns={columns}
              rows={pages.flatMap((page) => page.alerts)}
              rowId={({ id }) => id}
              onOpen={({ id }) => router.history.push(links.alert(id))}
              empty={
                <Empty title={state === 'open' ? 'No alert is open' : 'There is no such alert'}>
                  Failed and late runs, silent workers, stale data, drift and whatever else is defined below raise
                  alerts.
                </Empty>
              }
            />
          )}
        </Paged>
      </Section>
      <Silences />
      <Definitions />
    </>
  );
}

function Silences(): ReactElement | null {
  const mayOperate = useMay('operator');
  const silences = useQuery({
    queryKey: ['silences'],
    queryFn: ({ signal }) => get<{ readonly silences: readonly Silence[] }>('/v1/silences', undefined, signal),
  });
  const end = useAction((id: string) => remove(`/v1/silences/${encodeURIComponent(id)}`), {
    topics: ['silences', 'alerts'],
    done: 'The silence has ended: what is still so is told.',
  });
  if (silences.data?.silences.length === 0) return null;
  return (
    <Section title="Silences">
      <Loaded query={silences} lines={2}>
        {({ silences: rows }) => (
          <DataTable
            label="Silences"
            rows={rows}
            rowId={({ id }) => id}
            columns={[
              {
                id: 'match',
                header: 'Alerts that match',
                cell: ({ match }) => (
                  <code>
                    {Object.entries(match)
                      .map(([name, value]) => `${name}=${value}`)
                      .join(' ')}
                  </code>
                ),
              },
              { id: 'until', header: 'Until', cell: ({ until }) => <Time at={until} /> },
              { id: 'by', header: 'By', wide: true, cell: ({ by }) => by },
              { id: 'reason', header: 'Why', grow: true, wide: true, cell: ({ reason }) => reason },
              {
                id: 'end',
                header: '',
                cell: ({ id }) =>
                  mayOperate ? (
                    <Confirm
                      title="End the silence now?"
                      consequence="Alerts that match and are still so are told to their channels at once."
                      action="End the silence"
                      onConfirm={() => end.mutateAsync(id)}
                    >
                      <Button small>End</Button>
                    </Confirm>
                  ) : null,
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

function Definitions(): ReactElement {
  const mayOperate = useMay('operator');
  const definitions = useQuery({
    queryKey: ['alerts', 'definitions'],
    queryFn: ({ signal }) =>
      get<{ readonly definitions: readonly AlertDefinitionRecord[] }>('/v1/alert-definitions', undefined, signal),
  });
  const change = useAction(
    ({ id, enabled, note }: { id: string; enabled: boolean; note: string }) =>
      post(`/v1/alert-definitions/${encodeURIComponent(id)}/${enabled ? 'enable' : 'disable'}`, { note }),
    { topics: ['alerts'], done: ({ id, enabled }) => `${id} is ${enabled ? 'enabled' : 'disabled'}.` },
  );
  return (
    <Section title="What raises alerts">
      <Loaded query={definitions}>
        {({ definitions: rows }) => (
          <DataTable
            label="Alert definitions"
            rows={rows}
            rowId={({ id }) => id}
            empty={
              <Empty title="Nothing raises alerts yet" command="perennial alerts apply alerts.yaml">
                A definition says what is an alert and how severe. Those of the code come when a control worker starts;
                others are made from a file.
              </Empty>
            }
            columns={[
              {
                id: 'enabled',
                header: 'State',
                card: 'mark',
                cell: ({ enabled }) => <Mark tone={enabled ? 'ok' : 'skipped'} word={enabled ? 'on' : 'off'} />,
              },
              {
                id: 'title',
                header: 'Alert when',
                grow: true,
                cell: ({ id, definition, note, enabled }) => (
                  <div className={styles.wrapped}>
                    {definition.title ?? capital(conditionOf(definition.when))}
                    <div className={styles.second}>
                      <code>{id}</code>
                      {enabled || !note ? '' : `, off: ${note}`}
                    </div>
                  </div>
                ),
                sort: ({ id }) => id,
              },
              {
                id: 'severity',
                header: 'Severity',
                card: 'mark',
                wide: true,
                cell: ({ definition }) => <Mark tone={severityTones[definition.severity]} word={definition.severity} />,
                sort: ({ definition }) => definition.severity,
              },
              { id: 'origin', header: 'From', wide: true, cell: ({ origin }) => origin },
              {
                id: 'switch',
                header: '',
                cell: ({ id, enabled }) =>
                  mayOperate ? (
                    <Confirm
                      title={enabled ? `Disable ${id}?` : `Enable ${id}?`}
                      consequence={
                        enabled
                          ? 'Nobody is told any more when this happens; its open alerts are over.'
                          : 'From now on channels are told when this happens.'
                      }
                      action={enabled ? 'Disable' : 'Enable'}
                      reason="needed"
                      onConfirm={(note) => change.mutateAsync({ id, enabled: !enabled, note })}
                    >
                      <Button small>{enabled ? 'Disable' : 'Enable'}</Button>
                    </Confirm>
                  ) : null,
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}
