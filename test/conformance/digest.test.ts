import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Digest } from '../../contracts/digest.ts';
import { sendDigests } from '../../domain/digest/index.ts';
import { messageOf } from '../../domain/notifications/deliver.ts';
import { plainText } from '../../domain/notifications/plain-text.ts';
import { type AlertBench, alertBench } from '../support/alerts.ts';

let bench: AlertBench;
beforeAll(async () => {
  bench = await alertBench();
  await bench.define();
});
afterAll(() => bench.close());
beforeEach(async () => {
  for (const table of ['notifications', 'channels', 'alerts', 'kpis', 'runs']) await bench.sql(`delete from ${table}`);
});

const channel = async (id: string, settings: object, createdAt: string) =>
  bench.database.channels.create(
    {
      id,
      kind: 'email',
      settings: { to: ['a@example.com'], topics: ['digest'], ...settings },
      target: '',
      secret: null,
    },
    new Date(createdAt),
  );
const send = (at: string) =>
  sendDigests({ ...bench.database, pipelines: bench.pipelines, clock: { now: () => new Date(at) } });
const digests = async (): Promise<Digest[]> => {
  const found = await bench.database.notifications.list({ limit: 100 });
  const contents = await Promise.all(
    found.map(async ({ id }) => (await bench.database.notifications.get(id))?.content),
  );
  return contents.reverse().flatMap((content) => (content?.kind === 'digest' ? [content.digest] : []));
};
const kpi = (market: string, date: string, value: number, runId: string) => ({
  pipeline: 'sales',
  market,
  date,
  name: 'revenue',
  value,
  runId,
});

it('comes once at its local time on its days, is made up for after an outage of some hours, and goes back to the one before', async () => {
  // Friday 3 July 2026; Berlin is two hours ahead.
  await channel(
    'sales',
    { digest: { at: '07:30', zone: 'Europe/Berlin', days: ['FRI', 'MON'] } },
    '2026-07-03T00:00:00Z',
  );
  const due = ['2026-07-03T05:29:00Z', '2026-07-03T05:31:00Z', '2026-07-03T05:32:00Z', '2026-07-04T05:31:00Z'];
  for (const at of due) await Promise.all([send(at), send(at)]);
  expect(await send('2026-07-06T10:00:00Z')).toBe(1);
  expect((await digests()).map(({ day, from }) => [day, from])).toEqual([
    ['2026-07-03', '2026-06-29T05:30:00.000Z'],
    ['2026-07-06', '2026-07-03T05:30:00.000Z'],
  ]);
  // Longer than six hours: of no use any more. And nothing for a channel that was made afterwards.
  expect(await send('2026-07-10T12:00:00Z')).toBe(0);
  await channel('late', { digest: { at: '07:30', zone: 'Europe/Berlin' } }, '2026-07-13T06:00:00Z');
  await send('2026-07-13T06:01:00Z');
  expect((await digests()).map(({ day }) => day)).toEqual(['2026-07-03', '2026-07-06', '2026-07-13']);
});

it('says what was delivered by market, the figures beside those before, and what needs attention', async () => {
  const ended = await bench.run('2026-07-03', 'France');
  await bench.end(ended, 'succeeded');
  await bench.end(await bench.run('2026-07-03', 'Spain'), 'failed', {
    code: 'DISK_FULL',
    message: 'The disk is full.',
  });
  await bench.database.kpis.save([
    kpi('', '2026-07-03', 1_500, ended),
    kpi('', '2026-07-02', 1_000, 'old'),
    kpi('', '2026-06-26', 1_600, 'old'),
    kpi('France', '2026-07-03', 1_500, ended),
    kpi('France', '2026-07-02', 700, 'old'),
    kpi('Spain', '2026-07-02', 300, 'old'),
    kpi('Italy', '2026-07-02', 100, 'old'),
  ]);
  await bench.look();
  const now = new Date();
  const at = `${now.toISOString().slice(11, 16)}`;
  const settings = { digest: { at, zone: 'UTC' }, markets: ['France', 'Spain'] };
  await channel('sales', settings, new Date(now.getTime() - 86_400_000).toISOString());
  await send(new Date(now.getTime() + 60_000).toISOString());
  const [digest] = await digests();
  expect(digest?.pipelines).toMatchObject([
    {
      title: 'Sales lists',
      succeeded: 1,
      failed: 1,
      markets: [
        {
          market: '',
          isNew: true,
          figures: [{ label: 'Expected revenue', value: 1_500, yesterday: 1_000, lastWeek: 1_600 }],
        },
        {
          market: 'France',
          date: '2026-07-03',
          isNew: true,
          figures: [{ value: 1_500, yesterday: 700, lastWeek: null }],
        },
        { market: 'Spain', date: '2026-07-02', isNew: false, figures: [{ value: 300, yesterday: null }] },
      ],
    },
  ]);
  expect(digest?.attention).toMatchObject([{ title: 'Sales, Spain: a run failed', severity: 'warning' }]);
  const text = plainText(messageOf({ kind: 'digest', digest: digest as Digest }, now));
  expect(text).toContain('1 thing needs attention');
  expect(text).toContain('New results for 1 of 2 markets. 1 run succeeded, 1 failed.');
  expect(text).toMatch(/Expected revenue +1,500 +\+50 % +−6\.3 %/);
  expect(text).toMatch(/France +(\S+ \S+ )?\d\d:\d\d +1,500 ▲/);
  expect(text).toMatch(/Spain +2 Jul +300/);
  expect(text).not.toContain('Italy');
});
