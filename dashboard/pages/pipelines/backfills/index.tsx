import { useQuery } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { Ban } from 'lucide-react';
import type { ReactElement } from 'react';
import type { BackfillPartition } from '../../../../contracts/backfills.ts';
import type { JsonObject } from '../../../../contracts/json.ts';
import type { RunPage } from '../../../../contracts/runs.ts';
import { useAddress, useSetAddress } from '../../../app/address.ts';
import { links } from '../../../app/links.ts';
import { useMay } from '../../../app/session.ts';
import { count, plural } from '../../../format/number.ts';
import { duration, relative, useNow } from '../../../format/time.ts';
import { get, post } from '../../../http/client.ts';
import { Button } from '../../../ui/button.tsx';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { Confirm } from '../../../ui/dialog.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { Go } from '../../../ui/go.tsx';
import { GoButton } from '../../../ui/go-button.tsx';
import { Loaded, Page, Section } from '../../../ui/page.tsx';
import { lookOf, Status } from '../../../ui/status.tsx';
import { Time } from '../../../ui/time.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { Crumbs } from '../parts/crumbs.tsx';
import { type BackfillShown, useBackfill } from '../queries.ts';
import { modeWords, progressOf, remainingMs, spanWords } from '../words/backfills.ts';
import { paramsLine } from '../words/params.ts';
import styles from './backfill.module.css';
import { PartitionMatrix } from './partition-matrix.tsx';

/** A backfill: how far it has come, each of its partitions, and how it is stopped. */
export default function Backfill(): ReactElement {
  const { id = '' } = useParams({ strict: false });
  const query = useBackfill(id);
  const now = useNow();
  const { data: backfill } = query;
  const runs = useQuery({
    queryKey: ['runs', 'of-backfill', id],
    enabled: backfill !== undefined && backfill.finishedAt === null,
    queryFn: ({ signal }) => get<RunPage>('/v1/runs', { backfill: id, limit: 200 }, signal),
  });
  if (!backfill)
    return (
      <Page title="Backfill" crumbs={<Crumbs tab="backfills" />}>
        <Loaded query={query}>{() => null}</Loaded>
      </Page>
    );
  const { left } = progressOf(backfill.counts);
  const remaining = remainingMs(left, backfill.concurrency, runs.data?.runs ?? []);
  return (
    <Page
      title={`Backfill of ${backfill.pipeline}, ${spanWords(backfill)}`}
      crumbs={<Crumbs tab="backfills" pipeline={backfill.pipeline} />}
      answer={answerOf(backfill, remaining, now)}
      actions={<Actions backfill={backfill} />}
    >
      <Progress backfill={backfill} />
      <Partitions backfill={backfill} />
      <Section title="What was asked for">
        <Facts
          facts={[
            ['Pipeline', backfill.pipeline],
            ['Days and keys', spanWords(backfill)],
            ['What was done before', modeWords[backfill.mode]],
            ['Order', backfill.order === 'newest' ? 'newest day first' : 'oldest day first'],
            ['At a time', plural(backfill.concurrency, 'run')],
            ['Parameters', paramsLine(backfill.params as JsonObject) || 'all as the pipeline has them'],
            ['Asked for', <Time key="at" at={backfill.createdAt} />],
            ['By', backfill.by],
          ]}
        />
      </Section>
    </Page>
  );
}

function answerOf(
  { total, counts, status, createdAt, finishedAt }: BackfillShown,
  remaining: number | null,
  now: number,
): string {
  const { done, failed, left } = progressOf(counts);
  const failures = failed > 0 ? ` ${count(failed)} failed.` : '';
  if (finishedAt !== null) {
    const took = duration(Date.parse(finishedAt) - Date.parse(createdAt));
    const end = { succeeded: 'Done', failed: 'Ended', cancelled: 'Cancelled' }[status as string] ?? status;
    return `${end} ${relative(finishedAt, now)} after ${took}: ${count(done)} of ${plural(total, 'partition')} are done.${failures}`;
  }
  const soon = remaining === null ? '' : `, about ${duration(remaining)} more`;
  return `${count(done)} of ${plural(total, 'partition')} are done, ${count(left)} left${soon}.${failures}`;
}

function Progress({ backfill: { counts, total } }: { readonly backfill: BackfillShown }): ReactElement {
  const { done, failed, running } = progressOf(counts);
  const share = (n: number): string => `${(n / Math.max(1, total)) * 100}%`;
  return (
    <div
      className={styles.progress}
      role="progressbar"
      aria-label="Partitions done"
      aria-valuenow={done}
      aria-valuemin={0}
      aria-valuemax={total}
    >
      <span data-tone="ok" style={{ width: share(done) }} />
      <span data-tone="failed" style={{ width: share(failed) }} />
      <span data-tone="running" style={{ width: share(running) }} />
    </div>
  );
}

const columns: readonly Column<BackfillPartition>[] = [
  {
    id: 'status',
    header: 'State',
    card: 'mark',
    cell: ({ status }) => <Status status={status} />,
    sort: ({ status }) => status,
  },
  {
    id: 'partition',
    header: 'Partition',
    cell: ({ partition, runId }) => (runId ? <Go href={links.run(runId)}>{partition}</Go> : partition),
    sort: ({ partition }) => partition,
  },
  { id: 'reason', header: 'Why', grow: true, cell: ({ reason }) => reason ?? '' },
];

function Partitions({ backfill }: { readonly backfill: BackfillShown }): ReactElement {
  const router = useRouter();
  const { partition: chosen } = useAddress();
  const setAddress = useSetAddress();
  const { partitions, counts } = backfill;
  const shown = partitions.find(({ partition }) => partition === chosen);
  const open = ({ partition, runId }: BackfillPartition): void =>
    runId ? router.history.push(links.run(runId)) : setAddress({ partition });
  return (
    <Section
      title="Days and keys"
      aside={Object.entries(counts).map(([status, n]) => (
        <Status key={status} status={status} word={`${count(n)} ${lookOf(status).word.toLowerCase()}`} />
      ))}
    >
      <PartitionMatrix
        label="Partitions: keys by days"
        partitions={partitions}
        cell={({ status, reason }) => ({
          tone: lookOf(status).tone,
          words: `${lookOf(status).word}${reason ? `, ${reason}` : ''}`,
        })}
        selected={chosen}
        onOpen={open}
      />
      {shown ? (
        <p role="status">
          {shown.partition}: {lookOf(shown.status).word.toLowerCase()}
          {shown.reason ? `, ${shown.reason}` : ', it has no run yet'}.
        </p>
      ) : (
        <p className="muted">A cell opens its run.</p>
      )}
      <details>
        <summary className="muted">All partitions as a table</summary>
        <DataTable
          label="Partitions"
          columns={columns}
          rows={partitions}
          rowId={({ partition }) => partition}
          onOpen={open}
        />
      </details>
    </Section>
  );
}

function Actions({ backfill }: { readonly backfill: BackfillShown }): ReactElement | null {
  const may = useMay('operator');
  const { id, pipeline, counts, from, to, keys } = backfill;
  const cancel = useAction(() => post(`/v1/backfills/${encodeURIComponent(id)}/cancel`), {
    ...{ topics: ['backfills', 'runs'], done: 'The backfill is cancelled; its runs stop within seconds.' },
  });
  const { failed, left, running } = progressOf(counts);
  if (!may) return null;
  if (backfill.finishedAt !== null) {
    const query = new URLSearchParams({
      pipeline,
      from,
      to,
      keys: keys.join(','),
      mode: failed > 0 ? 'failed' : 'missing',
    });
    return <GoButton href={`/backfill?${query}`}>{failed > 0 ? 'Do what failed again' : 'Ask for it again'}</GoButton>;
  }
  return (
    <Confirm
      title="Cancel this backfill?"
      consequence={`${plural(running, 'run')} under way ${running === 1 ? 'is' : 'are'} cancelled, and ${plural(left - running, 'partition')} that ${left - running === 1 ? 'waits' : 'wait'} will not be done. What is done stays. It can be asked for again later.`}
      action="Cancel the backfill"
      danger
      onConfirm={() => cancel.mutateAsync(undefined)}
    >
      <Button kind="danger" icon={Ban}>
        Cancel
      </Button>
    </Confirm>
  );
}
