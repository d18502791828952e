import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { duration } from '../../format/time.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Mark, type Tone } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { replicaList, type ShownWorker, workerList } from './queries.ts';

const tones: Readonly<Record<ShownWorker['state'], Tone>> = { alive: 'ok', dead: 'failed', stopped: 'skipped' };
/** Conditions are looked at every few seconds; silence beyond this is worth a word. */
const watchedMs = 60_000;

/** Processes of the installation, and replicas of serving. */
export function Workers(): ReactElement {
  const workers = useQuery(workerList);
  const replicas = useQuery(replicaList);
  return (
    <>
      <Section title="Processes">
        <Loaded query={workers}>
          {({ workers: rows, watched }) => (
            <>
              {watched && watched.ageMs < watchedMs ? (
                <Mark tone="ok" word={`Conditions of alerts were looked at ${duration(watched.ageMs)} ago`} />
              ) : (
                <Mark
                  tone="failed"
                  word="Nobody looks at the conditions of alerts, so that none is raised: an events or api process must run."
                />
              )}
              <DataTable
                label="Processes"
                rows={rows}
                rowId={({ id }) => id}
                empty={
                  <Empty title="No process has given a sign of life" command="perennial doctor">
                    Each process of the installation tells every few seconds that it lives. The command says what is
                    missing.
                  </Empty>
                }
                columns={[
                  {
                    id: 'state',
                    header: 'State',
                    card: 'mark',
                    cell: ({ state }) => <Mark tone={tones[state]} word={state} />,
                    sort: ({ state }) => state,
                  },
                  { id: 'role', header: 'Role', cell: ({ role }) => role, sort: ({ role }) => role },
                  {
                    id: 'id',
                    header: 'Process',
                    grow: true,
                    cell: ({ id }) => <code>{id}</code>,
                    sort: ({ id }) => id,
                  },
                  {
                    id: 'beat',
                    header: 'Last sign of life',
                    cell: ({ silentMs, stoppedAt, beatAt }) =>
                      stoppedAt ? (
                        <Time at={stoppedAt} />
                      ) : silentMs < 60_000 ? (
                        `${duration(silentMs)} ago`
                      ) : (
                        <Time at={beatAt} />
                      ),
                    sort: ({ beatAt }) => beatAt,
                  },
                  {
                    id: 'started',
                    header: 'Started',
                    wide: true,
                    cell: ({ startedAt }) => <Time at={startedAt} />,
                    sort: ({ startedAt }) => startedAt,
                  },
                ]}
              />
            </>
          )}
        </Loaded>
      </Section>
      <Section title="Replicas of serving">
        <Loaded query={replicas} lines={3}>
          {({ replicas: rows }) => (
            <DataTable
              label="Replicas of serving"
              rows={rows}
              rowId={({ id }) => id}
              empty={
                <Empty
                  title="No replica is there: translations and predictions are not served now"
                  command="perennial doctor"
                >
                  A process of serving shows itself here when it starts, with the models it has loaded.
                </Empty>
              }
              columns={[
                {
                  id: 'state',
                  header: 'State',
                  card: 'mark',
                  cell: ({ state, isStale }) => (
                    <Mark
                      tone={isStale ? 'failed' : state === 'ready' ? 'ok' : 'waiting'}
                      word={isStale ? 'not seen of late' : state}
                    />
                  ),
                },
                { id: 'id', header: 'Replica', grow: true, cell: ({ id }) => <code>{id}</code> },
                { id: 'address', header: 'Address', cell: ({ address }) => <code>{address}</code> },
              ]}
            />
          )}
        </Loaded>
      </Section>
    </>
  );
}
