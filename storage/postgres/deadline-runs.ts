import type { RunStatus } from '../../contracts/runs.ts';
import type { DeadlineRepository, DeadlineRun } from '../../domain/ports/deadlines.ts';
import { type Connection, sql } from './client.ts';

interface Row {
  readonly id: string;
  readonly status: RunStatus;
  readonly partition: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly pause: { readonly at: string } | null;
  readonly finished_at: Date | null;
}

/** A partition is `YYYY-MM-DD` or `YYYY-MM-DD/key`. */
const keyAt = 12;

type Runs = Pick<DeadlineRepository, 'runsOf' | 'durations'>;

/** What of the runs counts for deadlines. */
export function deadlineRuns({ pool }: Connection): Runs {
  return {
    async runsOf(pipeline, day) {
      const { rows } =
        'from' in day
          ? await pool.query<Row>(sql`
              (select id, status, partition, created_at, started_at, pause, finished_at from runs
                where pipeline = ${pipeline} and status = 'succeeded'
                  and finished_at >= ${new Date(day.from)} and finished_at < ${new Date(day.to)}
                order by finished_at limit 1)
              union all
              (select id, status, partition, created_at, started_at, pause, finished_at from runs
                where pipeline = ${pipeline} and status in ('failed', 'cancelled')
                  and finished_at >= ${new Date(day.from)} and finished_at < ${new Date(day.to)}
                order by finished_at desc limit 1)
              union all
              (select id, status, partition, created_at, started_at, pause, finished_at from runs
                where pipeline = ${pipeline} and status in ('queued', 'running', 'paused')
                order by started_at nulls last, created_at limit 1)`)
          : day.key === null
            ? await pool.query<Row>(sql`
                select id, status, partition, created_at, started_at, pause, finished_at from runs
                where pipeline = ${pipeline} and left(partition, 10) = ${day.date}
                  and created_at > ${day.date}::date - interval '92 days'
                order by created_at`)
            : await pool.query<Row>(sql`
                select id, status, partition, created_at, started_at, pause, finished_at from runs
                where pipeline = ${pipeline} and partition = any(${[day.date, `${day.date}/${day.key}`]})
                order by created_at`);
      const runs = rows.map(toRun);
      const of = (at: 'startedAt' | 'finishedAt', ...statuses: RunStatus[]): DeadlineRun[] =>
        runs
          .filter(({ status }) => statuses.includes(status))
          .sort((a, b) => (a[at] ?? Number.MAX_SAFE_INTEGER) - (b[at] ?? Number.MAX_SAFE_INTEGER));
      return {
        succeeded: of('finishedAt', 'succeeded')[0] ?? null,
        active: of('startedAt', 'running', 'paused', 'queued')[0] ?? null,
        ended: of('finishedAt', 'failed', 'cancelled').at(-1) ?? null,
      };
    },
    async durations(pipeline, key, limit) {
      // A retry has waited for somebody in between, and a re-run did a part only.
      const { rows } = await pool.query<{ ms: number }>(sql`
        select extract(epoch from finished_at - started_at)::double precision * 1000 as ms from runs
        where pipeline = ${pipeline} and status = 'succeeded' and execution = 1 and parent_id is null
          and started_at is not null and finished_at is not null
          and (${key}::text is null or coalesce(substr(partition, ${keyAt}), '') = ${key})
        order by finished_at desc limit ${limit}`);
      return rows.map(({ ms }) => ms);
    },
  };
}

function toRun(row: Row): DeadlineRun {
  return {
    id: row.id,
    status: row.status,
    key: row.partition?.slice(keyAt - 1) ?? '',
    createdAt: row.created_at.getTime(),
    startedAt: row.started_at?.getTime() ?? null,
    pausedAt: row.status === 'paused' && row.pause ? Date.parse(row.pause.at) : null,
    finishedAt: row.finished_at?.getTime() ?? null,
  };
}
