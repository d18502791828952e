import type { Alert, AlertChange } from '../../../contracts/alerts.ts';
import type { DeadlineDay } from '../../../contracts/deadlines.ts';
import type { CloudEvent } from '../../../contracts/events.ts';
import type { RuleDefinition } from '../../../contracts/rules.ts';
import { checkAlert } from '../../../domain/alerts/check.ts';
import { builtInAlerts } from '../../../domain/alerts/defaults.ts';
import { checkDeadline } from '../../../domain/deadlines/check.ts';
import { createRuleHandler } from '../../../domain/events/index.ts';
import { createRuleService } from '../../../domain/events/rules/index.ts';
import type { NewNotification } from '../../../domain/ports/alerts.ts';
import { pipelines } from '../../../pipelines/index.ts';
import { rolloutIds } from './models.ts';
import { idOf, insertRows } from './rows.ts';
import { backfillId, runIds } from './runs.ts';
import { ago, day, hour, type Month } from './world.ts';

export const alertIds = {
  run: idOf('alert', 'run'),
  deadline: idOf('alert', 'deadline'),
  acknowledged: idOf('alert', 'acknowledged'),
  resolved: (n: number): string => idOf('alert', 'resolved', n),
};

/** What watches over the runs, and what it has told. */
export async function seedWatch(month: Month): Promise<void> {
  await deadlines(month);
  await events(month);
  await rules(month);
  await alerts(month);
  await backfill(month);
  await workers(month);
  await audit(month);
}

async function deadlines(month: Month): Promise<void> {
  const { database, days } = month;
  const since = ago(month, 30 * day);
  // Its days are those of the month: in UTC.
  const checked = checkDeadline({ id: 'offers-by-morning', pipeline: 'offers', by: '06:00', zone: 'UTC' }, pipelines);
  await database.deadlines.create({ ...checked, origin: 'api' }, since);
  for (const [n, date] of days.entries()) {
    const age = days.length - 1 - n;
    const dueAt = age === 0 ? ago(month, 20) : ago(month, age * day + 20);
    const isMissed = age === 9 || age === 0;
    const end = (minutes: number): string => new Date(dueAt.getTime() + minutes * 60_000).toISOString();
    const entry: DeadlineDay = {
      ...{ deadline: 'offers-by-morning', day: date, dueAt: dueAt.toISOString(), runId: runIds.ofDay(date) },
      status: age === 0 ? 'missed' : 'met',
      expectedAt: end(age === 9 ? 175 : age === 0 ? 40 : -15),
      reason:
        age === 0 ? 'its run has been under way for 55 min and will probably take 20 min more' : 'its run succeeded',
      warnedAt: isMissed ? end(-20) : null,
      missedAt: isMissed ? end(0) : null,
      metAt: age === 0 ? null : end(age === 9 ? 175 : -15),
      lateSeconds: age === 0 ? null : age === 9 ? 10_500 : 0,
      updatedAt: age === 0 ? month.now.toISOString() : end(180),
    };
    await database.deadlines.advance(entry, { version: 0, since: since.toISOString() }, []);
  }
}

async function events(month: Month): Promise<void> {
  const { database, client, days, markets } = month;
  const landed = days.flatMap((date, n): CloudEvent[] =>
    markets.slice(0, 3).map((market, m) => ({
      specversion: '1.0',
      ...{
        id: `${date}/${market}`,
        source: '/watches/sales',
        type: 'dataset.landed',
        subject: `${market}/${date}.csv`,
      },
      time: ago(month, (days.length - 1 - n) * day + 90 - m).toISOString(),
      data: {
        watch: 'sales',
        uri: `file:///data/${market}/${date}.csv`,
        size: 120_000,
        modified: '',
        captured: { market, date },
      },
    })),
  );
  await database.events.publish(landed);
  const broken: CloudEvent[] = ['refund', 'stock'].map((id, n) => ({
    ...{
      specversion: '1.0',
      id,
      source: '/webhooks/shop',
      type: `shop.${id}`,
      time: ago(month, (n + 2) * hour).toISOString(),
      data: { order: n },
    },
  }));
  await database.events.publish(broken);
  for (const { sequence, source } of await database.events.list({ source: '/webhooks/shop', limit: 10 })) {
    await database.events.begin(sequence);
    await database.events.bury(sequence, {
      code: 'VALIDATION_FAILED',
      message: `The data of an event of ${source} has no "market".`,
    });
  }
  await client.query(
    `update events set received_at = time, failed_at = case when failed_at is null then null else time + interval '5 minutes' end,
       processed_at = case when failed_at is null then time + interval '1 second' end, queued_at = time, attempts = greatest(attempts, 1)`,
  );
}

const allThere: RuleDefinition = {
  id: 'offers-when-sales-are-there',
  title: 'Tell when the sales of the three large markets have landed',
  mode: 'all',
  by: 'event.data.captured.date',
  within: '24h',
  patterns: ['United Kingdom', 'Germany', 'France'].map((market, n) => ({
    name: ['first', 'second', 'third'][n] as string,
    type: 'dataset.landed',
    where: `event.data.captured.market == "${market}"`,
  })),
  deadline: { after: '6h' },
  actions: {
    onMatch: [{ alert: { severity: 'info', message: 'All sales of {{ key }} are there.' } }],
    onDeadline: [{ alert: { severity: 'warning', message: '{{ missing[0] }} of {{ key }} is missing.' } }],
  },
};
const slow: RuleDefinition = {
  id: 'large-files',
  title: 'Tell of files that are larger than usual',
  mode: 'any',
  patterns: [{ name: 'landed', type: 'dataset.landed', where: 'event.data.size > 150000' }],
  actions: { onMatch: [{ alert: { severity: 'info', message: 'A large file came: {{ event.subject }}' } }] },
};

/** Rules that have looked at the newest events: one that fired and waits, one that had no reason to. */
async function rules(month: Month): Promise<void> {
  const { database } = month;
  let now = ago(month, 28 * day);
  const deps = { ...database, pipelines, clock: { now: () => now } };
  const service = createRuleService(deps);
  for (const rule of [allThere, slow]) await service.create(rule);
  const starter = { start: () => Promise.reject(new Error('the rules of a month start nothing')) };
  const handle = createRuleHandler({ ...deps, starter });
  const stored = await database.events.list({
    types: ['dataset.landed'],
    from: ago(month, 3 * day).toISOString(),
    limit: 50,
  });
  // The last file of the newest day has not come.
  for (const event of stored.slice(0, -1)) {
    now = new Date(event.time);
    await handle(event);
  }
}

const alertOf = (month: Month, given: Partial<Alert> & Pick<Alert, 'id' | 'definition' | 'key' | 'text'>): Alert => ({
  ...{
    definitionVersion: 1,
    pipeline: 'offers',
    market: null,
    severity: 'warning',
    state: 'firing',
    findings: [],
    findingCount: 1,
  },
  ...{
    since: ago(month, 60).toISOString(),
    firedAt: ago(month, 60).toISOString(),
    acknowledgedAt: null,
    acknowledgedBy: null,
  },
  ...{ escalatedAt: null, resolvedAt: null, resolution: null, silencedBy: null, notifiedAt: null },
  ...given,
});

const text = (title: string, what: string, command: string | null = null): Alert['text'] => ({
  ...{
    title,
    what,
    affects: ['The lists of the market are those of the day before.'],
    firstStep: 'Look at the log of the step that failed.',
    command,
  },
});

async function alerts(month: Month): Promise<void> {
  const { database, client, markets, today } = month;
  const at = (minutes: number): string => ago(month, minutes).toISOString();
  for (const definition of builtInAlerts)
    await database.alertDefinitions.create({ ...checkAlert(definition), origin: 'code' }, ago(month, 30 * day));
  const settings = { topics: ['alerts', 'escalations'] as ('alerts' | 'escalations')[], resolved: true };
  await database.channels.create(
    {
      id: 'ops-mail',
      kind: 'email',
      settings: { ...settings, to: ['ops@example.org'] },
      target: 'ops@example.org',
      secret: null,
    },
    ago(month, 30 * day),
  );
  await database.channels.create(
    {
      id: 'data-team',
      kind: 'email',
      settings: { ...settings, to: ['data@example.org'] },
      target: 'data@example.org',
      secret: null,
    },
    ago(month, 30 * day),
  );
  const told = (alert: Alert, channel: string): NewNotification => ({
    channel,
    dedupe: `${alert.id}/fired/${channel}`,
    title: alert.text.title,
    content: { kind: 'firing', alert },
  });
  const fire = async (alert: Alert, more: readonly AlertChange[] = []): Promise<void> => {
    const fired: AlertChange = { at: alert.firedAt, kind: 'fired', by: null, note: '' };
    await database.alerts.save(
      alert,
      0,
      [fired, ...more],
      [told(alert, 'ops-mail'), told(alert, 'data-team')],
      new Date(alert.firedAt),
    );
  };
  const finding = (subject: string, minutes: number, what: string) => ({
    subject,
    since: at(minutes),
    seenAt: at(minutes),
    what,
  });
  const market = markets[1] as string;
  await fire(
    alertOf(month, {
      ...{
        id: alertIds.run,
        definition: 'run-failed',
        key: `offers/${market}`,
        market,
        since: at(5 * hour),
        firedAt: at(4.9 * hour),
      },
      text: text(
        `Offers, ${market}: a run failed`,
        `Run ${runIds.failedMarket} of offers for ${market} failed in predict: it ran out of memory.`,
        `perennial runs retry ${runIds.failedMarket}`,
      ),
      findings: [finding(runIds.failedMarket, 5 * hour, 'It ran out of memory.')],
    }),
  );
  await fire(
    alertOf(month, {
      ...{
        id: alertIds.deadline,
        definition: 'deadline-missed',
        key: 'offers',
        severity: 'critical',
        since: at(20),
        firedAt: at(19),
      },
      text: text(
        'Offers: a deadline was missed',
        'offers-by-morning was due 20 min ago; its run will probably take 20 min more.',
      ),
      findings: [finding(`offers-by-morning/${today}`, 20, 'It was due 20 min ago.')],
    }),
  );
  await fire(
    alertOf(month, {
      ...{
        id: alertIds.acknowledged,
        definition: 'data-drift',
        key: 'offers/Spain',
        market: 'Spain',
        state: 'acknowledged',
      },
      ...{ since: at(2 * day), firedAt: at(2 * day), acknowledgedAt: at(1.5 * day), acknowledgedBy: 'ada' },
      text: text('Offers, Spain: data have drifted', 'unit_price of Spain is higher than in the training data.'),
      findings: [finding('drift unit_price', 2 * day, 'unit_price is higher.')],
    }),
    [{ at: at(1.5 * day), kind: 'acknowledged', by: 'ada', note: 'prices were raised; we look at it on Monday' }],
  );
  for (let n = 0; n < 6; n++) {
    const fired = at((n + 3) * 3 * day);
    const resolvedAt = at((n + 3) * 3 * day - 90);
    await fire(
      alertOf(month, {
        ...{
          id: alertIds.resolved(n),
          definition: 'run-late',
          key: `offers/${markets[n]}`,
          market: markets[n] as string,
          state: 'resolved',
        },
        ...{ since: fired, firedAt: fired, resolvedAt, resolution: 'The run ended.' },
        text: text(`Offers, ${markets[n]}: a run is late`, 'It takes more than twice its usual time.'),
      }),
      [{ at: resolvedAt, kind: 'resolved', by: null, note: 'The run ended.' }],
    );
  }
  const messages = await database.notifications.list({ limit: 100 });
  for (const { id, channel, kind } of messages) {
    await database.notifications.begin(id);
    if (
      channel === 'data-team' &&
      kind === 'firing' &&
      messages.findIndex((one) => one.channel === channel) === messages.findIndex((one) => one.id === id)
    )
      await database.notifications.bury(id, {
        code: 'DELIVERY_REFUSED',
        message: 'The mail server refuses data@example.org: there is no such mailbox.',
      });
    else await database.notifications.processed(id);
  }
  await client.query(
    "update notifications set sent_at = case when sent_at is null then null else created_at + interval '2 seconds' end",
  );
  await database.alerts.createSilence({
    match: { pipeline: 'translation' },
    until: ago(month, -2 * day),
    by: 'bob',
    reason: 'the GPU is being replaced',
    now: ago(month, hour),
  });
}

async function backfill(month: Month): Promise<void> {
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
async function workers({ client }: Month): Promise<void> {
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

async function audit(month: Month): Promise<void> {
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
