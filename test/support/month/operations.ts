import { alertIds } from './alerts.ts';
import { rolloutIds } from './rollouts.ts';
import { idOf, insertRows } from './rows.ts';
import { backfillId, runIds } from './runs.ts';
import { ago, day, hour, type Month } from './world.ts';

/** A backfill whose runs failed. */
export async function seedBackfill(month: Month): Promise<void> {
  const { client, days, markets } = month;
  const market = markets[1] as string;
  const began = ago(month, 4 * day);
  await insertRows(client, 'backfills', [
    {
      ...{
        id: backfillId,
        pipeline: 'offers',
        from: days[0],
        to: days[3],
        keys: [market],
        mode: 'missing',
        order: 'oldest',
      },
      ...{ concurrency: 2, params: {}, by: 'ada', status: 'failed', total: 4, active_key: null },
      ...{ created_at: began.toISOString(), finished_at: new Date(began.getTime() + 45 * 60_000).toISOString() },
    },
  ]);
  await insertRows(
    client,
    'backfill_partitions',
    days.slice(0, 4).map((date, position) => ({
      ...{
        backfill_id: backfillId,
        position,
        partition: `${date}/${market}`,
        status: 'started',
        run_id: runIds.backfill(position),
        reason: null,
      },
    })),
  );
}

/** Processes: some alive by the clock of the database, one dead, one that ended in order. */
export async function seedWorkers({ client }: Month): Promise<void> {
  const process = (id: string, role: string, minutes: number, silent: number, stopped = false) =>
    client.query(
      `insert into worker_processes (id, role, started_at, beat_at, stopped_at)
       values ($1, $2, now() - $3 * interval '1 minute', now() - $4 * interval '1 second', case when $5 then now() - $4 * interval '1 second' end)`,
      [id, role, minutes, silent, stopped],
    );
  await process('api@front-1:101', 'api', 3 * day, 1);
  await process('control@batch-1:4711', 'control', 3 * day, 1);
  await process('cpu@batch-1:4711', 'cpu', 3 * day, 2);
  await process('gpu@batch-2:4712', 'gpu', 3 * day, 900);
  await process('events@front-1:102', 'events', 2 * day, 1);
  await process('cpu@batch-3:4713', 'cpu', 5 * day, 600, true);
}

/** What people have done. */
export async function seedAudit(month: Month): Promise<void> {
  const { client, days } = month;
  const entry = (minutes: number, actor: string, action: string, subject: string, detail: object = {}) => ({
    ...{ at: ago(month, minutes).toISOString(), actor, action, subject, detail },
  });
  const entries = [
    entry(30 * day, 'ada', 'key.create', idOf('key', 'bob'), { name: 'bob', role: 'operator' }),
    entry(30 * day - 10, 'ada', 'schedule.create', 'offers-daily', { pipeline: 'offers', cron: '0 5 * * *' }),
    entry(14 * day, 'ada', 'rollout.created', rolloutIds.finished, { model: 'translation-en-de', version: 3 }),
    entry(4 * day, 'ada', 'backfill.start', backfillId, { pipeline: 'offers' }),
    entry(1.5 * day, 'ada', 'alert.acknowledge', alertIds.acknowledged, { note: 'prices were raised' }),
    entry(7 * hour - 1, 'ada', 'run.cancel', idOf('offers', 'cancelled')),
    entry(6 * hour, 'bob', 'decision.override', days.at(-2) as string, { verdict: 'retrain' }),
    entry(2.9 * hour, 'ada', 'run.pause', idOf('offers', 'paused'), {
      mode: 'drain',
      reason: 'the source delivers again at noon',
    }),
    ...days.map((date, n) =>
      entry((days.length - n) * day - 5, 'bob', 'run.start', runIds.ofDay(date), { pipeline: 'offers' }),
    ),
  ];
  await insertRows(
    client,
    'audit_log',
    entries.sort((a, b) => (a.at < b.at ? -1 : 1)),
  );
}
