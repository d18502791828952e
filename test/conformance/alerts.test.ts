import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Alert, AlertDefinition } from '../../contracts/alerts.ts';
import { createAlertService } from '../../domain/alerts/index.ts';
import { type AlertBench, alertBench } from '../support/alerts.ts';

let bench: AlertBench;
beforeAll(async () => {
  bench = await alertBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  for (const table of [
    'offer_predictions',
    'model_aliases',
    'model_versions',
    'deadlines',
    'alerts',
    'silences',
    'channels',
    'runs',
    'events',
    'worker_processes',
    'kpis',
    'alert_rounds',
  ])
    await bench.sql(`delete from ${table}`);
  await bench.define();
});

const failed = { code: 'DISK_FULL', message: 'The disk is full.', remedy: 'Free some space.' } as const;
const service = (minutes = 0) =>
  createAlertService({ ...bench.database, clock: { now: () => new Date(Date.now() + minutes * 60_000) } });
const channel = (id: string, settings: object = {}) =>
  bench.database.channels.create(
    { id, kind: 'webhook', settings, target: 'example.com', secret: { url: 'https://example.com' } },
    new Date(),
  );
const told = async () => (await bench.messages()).map(({ channel: to, kind, title }) => `${to}: ${kind}: ${title}`);
const one = async (definition: string): Promise<Alert> => {
  const found = (await bench.open()).filter((alert) => alert.definition === definition);
  expect(found).toHaveLength(1);
  return found[0] as Alert;
};
const ids = async () => (await bench.open()).map(({ definition, key }) => `${definition} ${key}`).sort();
/** A process whose last sign of life is so many seconds old. */
const worker = async (id: string, silentSeconds: number, startedSeconds = silentSeconds + 600) => {
  const role = id.split('@')[0] as 'cpu';
  await bench.database.workers.beat({ id, role, isFirst: true });
  await bench.sql(
    `update worker_processes set beat_at = now() - interval '${silentSeconds} s', started_at = now() - interval '${startedSeconds} s' where id = '${id}'`,
  );
};

describe('a failed run', () => {
  it('makes one alert for each pipeline and market, told once, however many processes look', async () => {
    await channel('pager');
    const first = await bench.run('2026-06-29', 'France');
    await bench.end(first, 'failed', failed);
    await bench.end(await bench.run('2026-06-30', 'France'), 'failed', failed);
    await bench.end(await bench.run('2026-06-30', 'Germany'), 'failed', failed);
    await bench.end(await bench.run('2026-06-30', 'Spain'), 'succeeded');
    for (let n = 0; n < 3; n++) await bench.look();
    expect(await ids()).toEqual(['run-failed sales/France', 'run-failed sales/Germany']);
    expect((await told()).sort()).toEqual([
      'pager: firing: Sales, France: 2 runs failed',
      'pager: firing: Sales, Germany: a run failed',
    ]);
    const alert = (await bench.open()).find(({ market }) => market === 'Germany');
    expect(alert).toMatchObject({ severity: 'warning', state: 'firing', findingCount: 1 });
    expect(alert?.text.what).toMatch(
      /^Run \S+ of sales for Germany \(2026-06-30\) failed at the step "load": The disk is full\.$/,
    );
    expect(alert?.text.firstStep).toBe('Free some space. Then let the run go on from what failed.');
    expect(alert?.text.command).toBe(`perennial runs retry ${alert?.findings[0]?.subject}`);
    expect(alert?.text.affects).toContain('Sales lists: Germany.');
  });

  it('stays while it is retried, and is over when its work is done, by itself or by another run', async () => {
    await channel('pager');
    const run = await bench.run('2026-06-30', 'France');
    await bench.end(run, 'failed', failed);
    await bench.look();
    await bench.database.runs.restart(run, {
      execution: 1,
      reset: [{ stepId: 'load', items: 'all' }],
      skip: [],
      by: 'me',
    });
    await bench.look();
    expect(await ids()).toEqual(['run-failed sales/France']);
    // A success of another day does not do this day's work.
    await bench.end(await bench.run('2026-07-01', 'France'), 'succeeded');
    await bench.look();
    expect(await ids()).toEqual(['run-failed sales/France']);
    await bench.end(await bench.run('2026-06-30', 'France'), 'succeeded');
    await bench.look();
    expect(await ids()).toEqual([]);
    expect(await told()).toEqual([
      'pager: firing: Sales, France: a run failed',
      'pager: resolved: Over: Sales, France: a run failed',
    ]);
  });

  it('that more fail is told ten minutes later at the earliest, in one message', async () => {
    await channel('pager');
    await bench.end(await bench.run('2026-06-28', 'France'), 'failed', failed);
    await bench.look();
    await bench.end(await bench.run('2026-06-29', 'France'), 'failed', failed);
    await bench.end(await bench.run('2026-06-30', 'France'), 'failed', failed);
    await bench.look(5);
    expect(await told()).toHaveLength(1);
    expect(await one('run-failed')).toMatchObject({ findingCount: 3 });
    await bench.look(11);
    await bench.look(12);
    expect(await told()).toEqual([
      'pager: firing: Sales, France: a run failed',
      'pager: again: More: Sales, France: 3 runs failed',
    ]);
    expect((await bench.messages()).at(-1)?.createdAt).toBe((await one('run-failed')).notifiedAt);
  });
});

describe('people', () => {
  it('silence what they know about: it is kept, not told, and told when the silence ends and it is still so', async () => {
    await channel('pager');
    const silence = await service().silence(
      { pipeline: 'sal*', market: 'France' },
      new Date(Date.now() + 3_600_000),
      'ada',
      'move',
    );
    await bench.end(await bench.run('2026-06-30', 'France'), 'failed', failed);
    await bench.end(await bench.run('2026-06-30', 'Spain'), 'failed', failed);
    await bench.look();
    expect(await told()).toEqual(['pager: firing: Sales, Spain: a run failed']);
    const quiet = (await bench.open()).find(({ market }) => market === 'France');
    expect(quiet).toMatchObject({ silencedBy: silence.id, notifiedAt: null });
    await service().endSilence(silence.id);
    await bench.look();
    expect((await told()).at(-1)).toBe('pager: firing: Sales, France: a run failed');
    const { changes } = await service().show(quiet?.id ?? '');
    expect(changes.map(({ kind, by }) => [kind, by])).toEqual([
      ['fired', null],
      ['silenced', 'ada'],
      ['unsilenced', null],
    ]);
  });

  it('are called again when nobody acknowledges, and not when somebody does', async () => {
    await bench.define({ id: 'failed', severity: 'critical', when: { kind: 'run-failed' }, escalateAfter: '20m' });
    await channel('team', { topics: ['alerts'] });
    await channel('boss', { topics: ['escalations'] });
    await bench.end(await bench.run('2026-06-30', 'France'), 'failed', failed);
    await bench.end(await bench.run('2026-06-30', 'Spain'), 'failed', failed);
    await bench.look();
    const [france] = (await bench.open()).filter(({ market }) => market === 'France');
    await service().acknowledge(france?.id ?? '', 'ada', 'on it');
    await bench.look(19);
    expect((await told()).filter((line) => line.startsWith('boss'))).toEqual([]);
    await bench.look(21);
    await bench.look(60);
    expect((await told()).filter((line) => line.startsWith('boss'))).toEqual([
      'boss: escalated: Nobody has acknowledged: Sales, Spain: a run failed',
    ]);
    expect(await service().show(france?.id ?? '')).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: 'ada',
      escalatedAt: null,
    });
  });

  it('say that it is over: it stays quiet until it happens anew', async () => {
    await bench.end(await bench.run('2026-06-30', 'France'), 'failed', failed);
    await bench.look();
    const { id } = await one('run-failed');
    await service().resolve(id, 'ada', 'we do without this day');
    await bench.look();
    expect(await ids()).toEqual([]);
    await expect(service().acknowledge(id, 'ada', '')).rejects.toMatchObject({ code: 'CONFLICT' });
    await bench.end(await bench.run('2026-07-01', 'France'), 'failed', failed);
    await bench.look();
    expect(await one('run-failed')).toMatchObject({ findingCount: 1 });
  });

  it('are told of their pipelines, markets and severities only; of workers everybody is', async () => {
    await channel('france', { markets: ['Fr*'] });
    await channel('translation', { pipelines: ['translation'] });
    await channel('urgent', { severities: ['critical'], resolved: false });
    await bench.end(await bench.run('2026-06-30', 'France'), 'failed', failed);
    await bench.end(await bench.run('2026-06-30', 'Spain'), 'failed', failed);
    await worker('cpu@host:1', 40);
    await bench.look();
    expect((await told()).sort()).toEqual([
      'france: firing: Sales, France: a run failed',
      'france: firing: The last worker "cpu" is dead',
      'translation: firing: The last worker "cpu" is dead',
      'urgent: firing: The last worker "cpu" is dead',
    ]);
    await worker('cpu@host:1', 0);
    await bench.look();
    expect((await told()).filter((line) => line.startsWith('urgent'))).toHaveLength(1);
  });
});

describe('a worker that dies', () => {
  it('takes its runs with it: both are told, and over when another one has taken them', async () => {
    await worker('cpu@host:1', 0);
    const run = await bench.run('2026-06-30', 'France', 'cpu@host:1');
    await bench.look();
    expect(await ids()).toEqual([]);
    await bench.sql(`update worker_processes set beat_at = now() - interval '31 s'`);
    await bench.look();
    expect(await ids()).toEqual(['run-lost sales', 'worker-dead cpu']);
    const dead = await one('worker-dead');
    expect(dead).toMatchObject({ severity: 'critical', pipeline: null });
    expect(dead.text.affects).toEqual([
      'No step that runs on processors goes on.',
      `Steps it was working on: load of run ${run} (sales).`,
    ]);
    const lost = await one('run-lost');
    expect(lost.text.what).toMatch(
      /its step "load" was on cpu@host:1, which has given no sign of life since .* UTC\.$/,
    );
    await worker('cpu@host:2', 0, 5);
    await bench.database.runs.attemptStarted({ runId: run, stepId: 'load', mapKey: '' }, 2, 'cpu@host:2');
    await bench.look();
    expect(await ids()).toEqual([]);
  });

  it('is no alert when it ended in order; one of several that are left is a warning, the last one critical', async () => {
    await worker('cpu@host:1', 40);
    await worker('cpu@host:2', 0);
    await worker('control@host:3', 40);
    await bench.database.workers.stopped('control@host:3');
    await bench.look();
    expect(await ids()).toEqual(['worker-dead cpu']);
    expect(await one('worker-dead')).toMatchObject({ severity: 'warning', state: 'firing' });
    await service().acknowledge((await one('worker-dead')).id, 'ada', '');
    await worker('cpu@host:2', 40);
    await bench.look();
    // What was acknowledged was one worker: that nobody is left is news.
    expect(await one('worker-dead')).toMatchObject({ severity: 'critical', state: 'firing', findingCount: 2 });
  });
});

describe('other conditions', () => {
  const conditions: readonly AlertDefinition[] = [
    { id: 'revenue', severity: 'info', when: { kind: 'metric', metric: 'revenue', below: 100, windows: 2 } },
  ];

  it('a key figure beyond its threshold fires after so many days in a row, by market', async () => {
    await bench.define(...conditions);
    const kpi = (market: string, date: string, value: number) => ({
      pipeline: 'sales',
      market,
      date,
      name: 'revenue',
      value,
      runId: 'r',
    });
    await bench.database.kpis.save([
      kpi('France', '2026-06-28', 120),
      kpi('France', '2026-06-29', 90),
      kpi('Spain', '2026-06-28', 80),
      kpi('Spain', '2026-06-29', 70),
    ]);
    await bench.look();
    expect(await ids()).toEqual(['revenue sales/Spain']);
    expect((await one('revenue')).text.what).toBe(
      'revenue of sales for Spain is below 100 2 days in a row: 70 (2026-06-29), 80 (2026-06-28).',
    );
    await bench.database.kpis.save([kpi('France', '2026-06-30', 60), kpi('Spain', '2026-06-30', 130)]);
    await bench.look();
    expect(await ids()).toEqual(['revenue sales/France']);
  });

  it('a run that takes twice its usual time is late, and a short one never is', async () => {
    for (const date of ['2026-06-26', '2026-06-27', '2026-06-28'])
      await bench.end(await bench.run(date, 'France'), 'succeeded');
    await bench.sql(`update runs set finished_at = now() - interval '1 h', started_at = now() - interval '70 min'`);
    const run = await bench.run('2026-06-29', 'France');
    await bench.run('2026-06-29', 'Spain');
    const since = (minutes: number) =>
      bench.sql(`update runs set started_at = now() - interval '${minutes} min' where id = '${run}'`);
    await since(19);
    await bench.look();
    expect(await ids()).toEqual([]);
    await since(21);
    await bench.look();
    expect(await ids()).toEqual(['run-late sales/France']);
    expect((await one('run-late')).text.what).toMatch(
      /runs since .* UTC; it usually takes 10 min \(p90 of 3 runs\)\.$/,
    );
    await bench.end(run, 'succeeded');
    await bench.look();
    expect(await ids()).toEqual([]);
  });

  it('a deadline that is missed tells which results people go on seeing, and is over when it is met', async () => {
    const { database } = bench;
    const definition = { id: 'france-by-seven', pipeline: 'sales', key: 'France', by: '07:00', zone: 'Europe/Berlin' };
    const now = new Date();
    const { since } = await database.deadlines.create({ definition, origin: 'api', hash: 'h' }, now);
    const day = now.toISOString().slice(0, 10);
    const missed = {
      deadline: definition.id,
      day,
      status: 'missed' as const,
      dueAt: now.toISOString(),
      expectedAt: null,
      runId: null,
      reason: 'It was due at 07:00. No run has begun.',
      warnedAt: null,
      missedAt: now.toISOString(),
      metAt: null,
      lateSeconds: null,
      updatedAt: now.toISOString(),
    };
    expect(await database.deadlines.advance(missed, { version: 0, since }, [])).toBe(true);
    const runId = await bench.run('2026-06-28', 'France');
    const lists = { products: [], newProducts: [], horizonDays: 28, modelVersion: 1, runId, asOf: '2026-06-28' };
    await database.predictions.replaceMarket('France', '2026-06-28', [
      { ...lists, market: 'France', customerId: 'c1' },
    ]);
    await database.predictions.replaceMarket('Spain', '2026-06-28', [{ ...lists, market: 'Spain', customerId: 'c2' }]);
    await bench.look();
    const alert = await one('deadline-missed');
    expect(alert).toMatchObject({ severity: 'critical', pipeline: 'sales', market: 'France' });
    expect(alert.text.what).toContain('The work of sales for France on');
    expect(alert.text.what).toContain('It was due at 07:00. No run has begun.');
    expect(alert.text.affects).toEqual([
      'Sales lists: France.',
      expect.stringMatching(/^Deadline "france-by-seven": next due \d{4}-\d\d-\d\d 07:00 Europe\/Berlin\.$/),
      'Until then people keep seeing the lists of France of 2026-06-28 (1 customer).',
    ]);
    expect(alert.text.command).toBe('perennial runs ls --pipeline sales');
    const met = { ...missed, status: 'met' as const, metAt: now.toISOString(), lateSeconds: 60 };
    expect(await database.deadlines.advance(met, { version: 1, since }, [])).toBe(true);
    await bench.look();
    expect(await ids()).toEqual([]);
  });

  it('a run that nobody works on, a queue that does not move, an event: each is told with what to do', async () => {
    const run = await bench.run('2026-06-30', 'France');
    await bench.sql(`update run_events set at = now() - interval '11 min'`);
    await bench.sql(`update runs set started_at = now() - interval '12 min'`);
    await bench.database.events.publish([
      { specversion: '1.0', id: 'e1', source: '/elsewhere', type: 'something', time: new Date().toISOString() },
      {
        specversion: '1.0',
        id: 'a1',
        source: '/rules/late-data',
        type: 'alert.raised',
        subject: 'DE',
        time: new Date().toISOString(),
        data: { severity: 'critical', message: 'No data for DE by 06:00.', rule: 'late-data', key: 'DE' },
      },
    ]);
    await bench.sql(`update events set received_at = now() - interval '6 min' where id = 'e1'`);
    await bench.sql(`update events set processed_at = now() where id = 'a1'`);
    await bench.look();
    expect(await ids()).toEqual(['events-waiting events', 'rule-alert /rules/late-data DE', 'run-stalled sales']);
    expect((await one('run-stalled')).findings[0]?.subject).toBe(run);
    expect(await one('rule-alert')).toMatchObject({ severity: 'critical', text: { what: 'No data for DE by 06:00.' } });
    expect((await one('events-waiting')).text.command).toBe('perennial workers');
  });

  it('a definition that is disabled ends its alerts and makes no more', async () => {
    await bench.end(await bench.run('2026-06-30', 'France'), 'failed', failed);
    await bench.look();
    await bench.database.alertDefinitions.setEnabled('run-failed', false, 'too loud', new Date());
    await bench.look();
    expect(await ids()).toEqual([]);
    await bench.look();
    expect(await ids()).toEqual([]);
  });

  it('of two processes one gets a round, and the next one a moment later', async () => {
    const { alerts } = bench.database;
    const claims = await Promise.all(['a', 'b', 'c'].map((by) => alerts.claimRound(by, 4_000)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    await bench.sql(`update alert_rounds set at = now() - interval '5 s'`);
    expect(await alerts.claimRound('d', 4_000)).toBe(true);
    expect(await alerts.lastRound()).toMatchObject({ by: 'd' });
  });
});
