import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StoredSchedule } from '../../domain/ports/schedules.ts';
import { type DeadlineBench, deadlineBench } from '../support/deadlines.ts';

/** 07:00 in Berlin on this winter's day is 06:00 UTC. */
const day = '2027-01-12';
const at = (time: string, date = day): string => `${date}T${time}${time.length === 5 ? ':00' : ''}Z`;
const berlin = { by: '07:00', zone: 'Europe/Berlin' } as const;
const made = at('12:00', '2027-01-11');

let bench: DeadlineBench;
beforeAll(async () => {
  bench = await deadlineBench();
});
afterAll(() => bench.close());
/** Every test has a deadline and a market of its own: what others left is none of its business. */
let id: string;
let market: string;
let count = 0;
beforeEach(() => {
  count++;
  id = `deadline-${count}`;
  market = `M${String.fromCharCode(64 + count)}`;
});
const de = (asOf = day) => ({ asOf, market });
const kinds = async (deadline = id) => (await bench.events(deadline)).map((event) => event.id);

describe('a day of a deadline', () => {
  it('is expected late, missed, then met late: each told once by two sweepers and over restarts', async () => {
    await bench.past('markets', { market }, 55, 30);
    await bench.add({ id, pipeline: 'markets', key: market, ...berlin }, made);
    const run = await bench.run('markets', de(), { status: 'running', created: at('05:20'), started: at('05:20') });
    await bench.sweep(at('05:21'));
    await bench.sweep(at('05:21:10'));
    await bench.restart();
    await bench.sweep(at('05:59:50'));
    expect(await kinds()).toEqual([`${day}/expected-late`]);
    await bench.sweep(at('06:00:10'));
    await bench.sweep(at('06:10'));
    await bench.restart();
    await bench.set(run, { status: 'succeeded', created: at('05:20'), started: at('05:20'), finished: at('06:17:30') });
    await bench.sweep(at('06:17:40'));
    await bench.sweep(at('06:17:50'));
    const events = await bench.events(id);
    const common = { deadline: id, pipeline: 'markets', key: market, day, dueAt: at('06:00:00.000'), runId: run };
    expect(events.map(({ source, type, time, subject, data }) => ({ source, type, time, subject, data }))).toEqual([
      {
        source: `/deadlines/${id}`,
        type: 'deadline.expected-late',
        subject: day,
        time: at('05:21:00.000'),
        data: {
          ...common,
          expectedAt: at('06:15:00.000'),
          reason:
            'The run began at 06:20 and usually takes 55 min (p90 of 30 runs): it will end at 07:15, 15 min late.',
        },
      },
      expect.objectContaining({
        type: 'deadline.missed',
        time: at('06:00:00.000'),
        data: expect.objectContaining({
          ...common,
          reason: expect.stringMatching(/^It was due at 07:00\. The run began/),
        }),
      }),
      expect.objectContaining({
        type: 'deadline.met',
        time: at('06:17:30.000'),
        data: expect.objectContaining({
          ...common,
          lateSeconds: 1_050,
          reason: 'The run ended at 07:17, 18 min late.',
        }),
      }),
    ]);
    expect(await bench.day(id, day)).toMatchObject({
      status: 'met',
      warnedAt: at('05:21:00.000'),
      missedAt: at('06:00:00.000'),
      metAt: at('06:17:30.000'),
      lateSeconds: 1_050,
    });
  });

  it('is met in time without any warning', async () => {
    await bench.past('markets', { market }, 20);
    await bench.add({ id, pipeline: 'markets', key: market, ...berlin }, made);
    await bench.sweep(at('03:00'));
    await bench.run('markets', de(), {
      status: 'succeeded',
      created: at('04:00'),
      started: at('04:00'),
      finished: at('05:59:59'),
    });
    // Seen only after it was due.
    await bench.sweep(at('06:00:09'));
    const [event, ...more] = await bench.events(id);
    expect([event?.type, event?.data.lateSeconds, more]).toEqual(['deadline.met', 0, []]);
  });

  it('is missed and met when both happened between two looks', async () => {
    await bench.add({ id, pipeline: 'markets', key: market, ...berlin }, made);
    await bench.run('markets', de(), {
      status: 'succeeded',
      created: at('05:00'),
      started: at('05:00'),
      finished: at('06:20'),
    });
    await bench.sweep(at('09:00'));
    await bench.sweep(at('09:01'));
    expect(await kinds()).toEqual([`${day}/missed`, `${day}/met`]);
  });

  it('is expected late when its run is paused for too long', async () => {
    await bench.past('markets', { market }, 60);
    await bench.add({ id, pipeline: 'markets', key: market, ...berlin }, made);
    const times = { created: at('04:00'), started: at('04:00') };
    const run = await bench.run('markets', de(), { status: 'paused', paused: at('04:40'), ...times });
    await bench.sweep(at('05:39'));
    expect(await kinds()).toEqual([]);
    await bench.sweep(at('05:41'));
    expect((await bench.events(id)).map((event) => event.data.reason)).toEqual([
      'The run began at 05:00, is paused since 05:40 and usually takes 1 h (p90 of 5 runs): resumed now, it would end at 07:01, 1 min late.',
    ]);
    await bench.set(run, { status: 'running', ...times });
    await bench.sweep(at('05:42'));
    expect(await bench.day(id, day)).toMatchObject({ status: 'expected-late', runId: run });
  });

  it('is not expected late when too few runs say how long it takes', async () => {
    await bench.past('markets', { market }, 600, 2);
    await bench.add({ id, pipeline: 'markets', key: market, ...berlin }, made);
    await bench.sweep(at('05:59'));
    await bench.run('markets', de(), { status: 'running', created: at('05:58'), started: at('05:58') });
    await bench.sweep(at('05:59:30'));
    expect(await kinds()).toEqual([]);
    expect(await bench.day(id, day)).toMatchObject({ status: 'open', expectedAt: null });
    await bench.sweep(at('06:00:05'));
    expect(await kinds()).toEqual([`${day}/missed`]);
  });

  it('is expected late when nothing has begun and a run would end too late', async () => {
    await bench.past('markets', { market }, 30);
    await bench.add({ id, pipeline: 'markets', key: market, ...berlin }, made);
    await bench.sweep(at('05:29:50'));
    expect(await bench.day(id, day)).toMatchObject({
      status: 'open',
      reason: 'No run has begun; one usually takes 30 min (p90 of 5 runs), so it must begin by 06:30.',
    });
    await bench.sweep(at('05:31'));
    const [event] = await bench.events(id);
    expect(event?.data.reason).toBe(
      'No run has begun; one usually takes 30 min (p90 of 5 runs): begun now, it would end at 07:01, 1 min late.',
    );
  });

  it('goes by the schedule that will begin its run', async () => {
    await bench.past('markets', { market }, 30);
    await bench.add({ id, pipeline: 'markets', key: market, ...berlin }, made);
    const schedule = (starts: string, params: object): StoredSchedule =>
      ({
        id: 'nightly',
        pipeline: 'markets',
        paused: false,
        next: [at(starts)],
        definition: { id: 'nightly', pipeline: 'markets', timeZone: 'Europe/Berlin', params },
      }) as unknown as StoredSchedule;
    const fits = { asOf: '{{ date }}', market };
    await bench.sweep(at('01:00'), [schedule('05:15', fits)]);
    expect(await bench.day(id, day)).toMatchObject({ status: 'open', expectedAt: at('05:45:00.000') });
    // One of another market or day does not do this work.
    await bench.sweep(at('01:01'), [schedule('05:45', { ...fits, market: 'ELSEWHERE' })]);
    expect(await kinds()).toEqual([]);
    await bench.sweep(at('01:02'), [schedule('05:45', fits)]);
    const [event] = await bench.events(id);
    expect(event?.data.reason).toBe(
      'No run has begun; the schedule "nightly" begins one at 06:45, and it usually takes 30 min (p90 of 5 runs): it will end at 07:15, 15 min late.',
    );
  });

  it('says that its last run failed', async () => {
    await bench.add({ id, pipeline: 'markets', key: market, ...berlin }, made);
    const failed = { status: 'failed', created: at('04:00'), started: at('04:00'), finished: at('04:30') } as const;
    const run = await bench.run('markets', de(), failed);
    await bench.sweep(at('06:01'));
    const [event] = await bench.events(id);
    expect(event?.data).toMatchObject({ runId: run, reason: 'It was due at 07:00. The last run failed at 05:30.' });
  });
});

describe('what counts as done', () => {
  const finished = (time: string) =>
    ({ status: 'succeeded', created: at('01:00'), started: at('01:00'), finished: at(time) }) as const;

  it('is a run of the key or of the whole day, not one of another key', async () => {
    await bench.add({ id, pipeline: 'markets', key: market, ...berlin }, made);
    await bench.add({ id: `${id}-b`, pipeline: 'markets', key: `${market}B`, ...berlin }, made);
    await bench.run('markets', de(), finished('02:00'));
    await bench.sweep(at('02:01'));
    expect([await kinds(), await kinds(`${id}-b`)]).toEqual([[`${day}/met`], []]);
    await bench.run('markets', { asOf: day }, finished('03:00'));
    await bench.sweep(at('03:01'));
    expect(await kinds(`${id}-b`)).toEqual([`${day}/met`]);
  });

  it('is the partition of yesterday when the deadline says so, and any key when it names none', async () => {
    const date = '2027-03-01';
    await bench.add({ id, pipeline: 'markets', dayOffset: -1, ...berlin }, at('12:00', '2027-02-28'));
    const times = { created: at('01:00', date), started: at('01:00', date), finished: at('02:00', date) };
    await bench.run('markets', de(date), { status: 'succeeded', ...times });
    await bench.sweep(at('02:01', date));
    expect(await kinds()).toEqual([]);
    await bench.run('markets', de('2027-02-28'), { status: 'succeeded', ...times });
    await bench.sweep(at('02:02', date));
    expect(await kinds()).toEqual([`${date}/met`]);
  });

  it('is a run that ends on the local day where there are no partitions', async () => {
    await bench.add({ id, pipeline: 'plain', ...berlin }, made);
    // 23:30 UTC is half past midnight in Berlin.
    const ended = (time: string, date: string) => ({ ...finished('02:00'), finished: at(time, date) });
    await bench.run('plain', {}, { ...ended('22:30', '2027-01-11'), created: at('22:00', '2027-01-11') });
    await bench.sweep(at('00:10'));
    expect(await kinds()).toEqual([]);
    await bench.run('plain', {}, { ...ended('23:30', '2027-01-11'), created: at('22:00', '2027-01-11') });
    await bench.sweep(at('00:11'));
    expect(await kinds()).toEqual([`${day}/met`]);
  });
});

it('makes up for two days when everything was stopped, and for none before the deadline was made', async () => {
  await bench.add({ id, pipeline: 'markets', key: market, ...berlin }, at('12:00', '2027-02-03'));
  await bench.sweep(at('12:00', '2027-02-12'));
  expect(await kinds()).toEqual(['2027-02-11/missed', '2027-02-12/missed']);
  await bench.add({ id: `${id}-new`, pipeline: 'markets', key: market, ...berlin }, at('06:00:01', '2027-02-12'));
  await bench.sweep(at('12:00', '2027-02-12'));
  expect(await kinds(`${id}-new`)).toEqual([]);
});

it('ends a day that was open when everything stopped, however long ago', async () => {
  await bench.add({ id, pipeline: 'markets', key: market, ...berlin, warnAhead: '1h' }, at('12:00', '2027-02-11'));
  await bench.sweep(at('05:30', '2027-02-12'));
  expect(await bench.day(id, '2027-02-12')).toMatchObject({ status: 'open' });
  await bench.sweep(at('12:00', '2027-02-20'));
  expect(await kinds()).toEqual(['2027-02-12/missed', '2027-02-19/missed', '2027-02-20/missed']);
});

it('tells each day of the changed clock once', async () => {
  await bench.add({ id, pipeline: 'markets', key: market, by: '02:30', zone: 'Europe/Berlin' }, '2027-03-27T12:00:00Z');
  const newYork = { by: '02:30', zone: 'America/New_York' };
  await bench.add({ id: `${id}-ny`, pipeline: 'markets', key: market, ...newYork }, '2027-11-06T12:00:00Z');
  for (const time of ['2027-03-28T00:59:00Z', '2027-03-28T01:00:06Z', '2027-03-28T02:30:00Z', '2027-03-29T00:00:00Z'])
    await bench.sweep(time);
  expect((await bench.events(id)).map((event) => [event.id, event.time])).toEqual([
    ['2027-03-28/missed', '2027-03-28T01:00:00.000Z'],
  ]);
  for (const time of ['2027-11-07T06:29:00Z', '2027-11-07T07:29:00Z', '2027-11-07T07:31:00Z', '2027-11-07T08:00:00Z'])
    await bench.sweep(time);
  expect((await bench.events(`${id}-ny`)).map((event) => [event.id, event.time])).toEqual([
    ['2027-11-07/missed', '2027-11-07T07:30:00.000Z'],
  ]);
});
