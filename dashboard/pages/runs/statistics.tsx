import type { ReactElement } from 'react';
import type { RunStatisticsBucket } from '../../../contracts/run-insight.ts';
import type { RunStatus } from '../../../contracts/runs.ts';
import { useSetAddress } from '../../app/address.ts';
import { list, plural } from '../../format/number.ts';
import { clock, duration, exact } from '../../format/time.ts';
import { lookOf } from '../../ui/status.tsx';
import type { RunFilter } from './filter.ts';
import { useRunStatistics } from './queries.ts';
import styles from './statistics.module.css';
import { runStatusWords } from './words.ts';

const hourMs = 3_600_000;
/** Up to so many hours are shown by hour, longer times by day. */
const mostHours = 72;

/** Runs of a time as columns of their states, by hour or day; a column leads to its runs. */
export function RunStatistics({ filter }: { readonly filter: RunFilter }): ReactElement | null {
  const setAddress = useSetAddress();
  const { pipeline, from, to } = filter;
  const hours = from ? ((to ? Date.parse(to) : Date.now()) - Date.parse(from)) / hourMs : Number.POSITIVE_INFINITY;
  const bucket = hours <= mostHours ? 'hour' : 'day';
  const isOne = pipeline !== undefined && !pipeline.includes(',');
  const query = useRunStatistics({
    bucket,
    ...(isOne ? { pipeline } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  });
  // The list says what is wrong.
  if (query.error) return null;
  const buckets = query.data?.buckets ?? [];
  const most = Math.max(1, ...buckets.map(total));
  const stepMs = bucket === 'hour' ? hourMs : 24 * hourMs;
  const first = buckets[0];
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        <span>{`Runs by ${bucket}${isOne ? ` of ${pipeline}` : ''}${filter['status'] ? ', whatever their state' : ''}${from ? '' : ', last 30 days'}`}</span>
        <span className="muted">{`highest ${most}`}</span>
      </figcaption>
      <ol className={styles.columns} aria-label={`Runs by ${bucket}`} data-loading={query.data ? undefined : ''}>
        {buckets.map((one) => (
          <li key={one.at}>
            <button
              type="button"
              title={textOf(one, bucket)}
              aria-label={textOf(one, bucket)}
              onClick={() =>
                setAddress({ span: null, from: one.at, to: new Date(Date.parse(one.at) + stepMs).toISOString() })
              }
            >
              {runStatusWords.map((status) => (
                <Part key={status} status={status} share={(one.counts[status] ?? 0) / most} />
              ))}
            </button>
          </li>
        ))}
      </ol>
      {first ? (
        <div className={styles.ends} aria-hidden>
          <span>{labelOf(first.at, bucket)}</span>
          <span>{labelOf(buckets.at(-1)?.at ?? first.at, bucket)}</span>
        </div>
      ) : null}
    </figure>
  );
}

function Part({ status, share }: { readonly status: RunStatus; readonly share: number }): ReactElement | null {
  if (share === 0) return null;
  return <span data-tone={lookOf(status).tone} style={{ height: `max(3px, ${share * 100}%)` }} />;
}

const total = ({ counts }: RunStatisticsBucket): number => Object.values(counts).reduce((sum, n) => sum + n, 0);
const days = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
const labelOf = (at: string, bucket: string): string => (bucket === 'day' ? days.format(new Date(at)) : clock(at));

function textOf(one: RunStatisticsBucket, bucket: string): string {
  const when = bucket === 'day' ? days.format(new Date(one.at)) : exact(one.at);
  const parts = runStatusWords.flatMap((status) =>
    one.counts[status] ? [`${one.counts[status]} ${lookOf(status).word.toLowerCase()}`] : [],
  );
  const took = one.seconds ? `, typically ${duration(one.seconds.p50 * 1000)}` : '';
  return `${when}: ${plural(total(one), 'run')}${parts.length > 0 ? `: ${list(parts)}${took}` : ''}`;
}
