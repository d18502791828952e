import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScheduleDefinition } from '../../contracts/schedules.ts';
import { fireTimes } from '../../domain/schedules/fire-times.ts';
import { newSchedule } from '../../domain/schedules/service.ts';
import { transitions } from '../../domain/schedules/zone.ts';
import { scheduleRepository } from '../../storage/temporal/schedules.ts';
import { temporalAddress } from '../support/servers.ts';
import { scheduleOf } from '../support/timings.ts';

const now = new Date('2026-11-23T12:00:00Z');
let connection: Connection;
let client: Client;
beforeAll(async () => {
  connection = await Connection.connect({ address: temporalAddress() });
  client = new Client({ connection });
});
afterAll(() => connection.close());

/** When the server fires a schedule in [from, to). */
async function serverTimes(given: Partial<ScheduleDefinition>, ranges: readonly [number, number][]) {
  const repository = scheduleRepository(client);
  const id = `clock-${randomBytes(6).toString('hex')}`;
  await repository.create(newSchedule(scheduleOf({ ...given, id, paused: true }), 'api', now));
  const found: number[] = [];
  for (const [from, to] of ranges) {
    const { startTime } = await connection.workflowService.listScheduleMatchingTimes({
      namespace: 'default',
      scheduleId: id,
      // Both ends of the server's range: after the first, up to the last.
      startTime: msToTs(from - 1_000),
      endTime: msToTs(to - 1_000),
    });
    found.push(...startTime.map(tsToMs));
  }
  await repository.remove(id);
  return found;
}

async function timesOf(given: Partial<ScheduleDefinition>, from: string, to: string): Promise<string[]> {
  const range: [number, number] = [Date.parse(from), Date.parse(to)];
  const times = await serverTimes(given, [range]);
  expect(fireTimes(scheduleOf(given).timing, range[0] - 1, 10_000, range[1] - 1)).toEqual(times);
  return times.map((time) => new Date(time).toISOString().slice(11, 16));
}

describe.each([
  // Local 02:00 to 03:00 does not exist on 28 March 2027 and comes twice on 31 October.
  ['Europe/Berlin', '2027-03-28T00:00Z', '2027-03-28T04:00Z', '2027-10-30T23:00Z', '2027-10-31T04:00Z'],
  // Local 02:00 to 03:00 does not exist on 14 March 2027; 01:00 to 02:00 comes twice on 7 November.
  ['America/New_York', '2027-03-14T06:00Z', '2027-03-14T10:00Z', '2027-11-07T04:00Z', '2027-11-07T09:00Z'],
] as const)('a schedule in %s', (timeZone, spring, springEnd, autumn, autumnEnd) => {
  const isBerlin = timeZone === 'Europe/Berlin';
  const doubled = isBerlin ? 2 : 1;

  it('fires at the end of the gap when its time does not exist', async () => {
    const end = isBerlin ? '01:00' : '07:00';
    expect(await timesOf({ cron: '30 2 * * *', timeZone }, spring, springEnd)).toEqual([end]);
    // Several times in the gap, and the end of it itself, are one start.
    expect(await timesOf({ cron: '*/20 2 * * *', timeZone }, spring, springEnd)).toEqual([end]);
    expect(await timesOf({ cron: '0 2-3 * * *', timeZone }, spring, springEnd)).toEqual([end]);
  });

  it('fires once, at the first, when its time comes twice', async () => {
    expect(await timesOf({ cron: `30 ${doubled} * * *`, timeZone }, autumn, autumnEnd)).toEqual([
      isBerlin ? '00:30' : '05:30',
    ]);
    expect(await timesOf({ cron: `*/30 ${doubled}-${doubled + 1} * * *`, timeZone }, autumn, autumnEnd)).toEqual(
      isBerlin ? ['00:00', '00:30', '02:00', '02:30'] : ['05:00', '05:30', '07:00', '07:30'],
    );
  });

  it('that runs every hour goes by elapsed time: none left out, none doubled', async () => {
    const hours = (from: string, to: string): string[] =>
      Array.from({ length: (Date.parse(to) - Date.parse(from)) / 1_800_000 }, (_, i) =>
        new Date(Date.parse(from) + i * 1_800_000).toISOString().slice(11, 16),
      );
    expect(await timesOf({ cron: '*/30 * * * *', timeZone }, spring, springEnd)).toEqual(hours(spring, springEnd));
    expect(await timesOf({ cron: '*/30 * * * *', timeZone }, autumn, autumnEnd)).toEqual(hours(autumn, autumnEnd));
  });

  it('keeps its local time on all other days', async () => {
    const times = await timesOf({ cron: '30 2 * * 0', timeZone }, '2027-01-01T00:00Z', '2028-01-01T00:00Z');
    expect(times).toHaveLength(52);
    expect(new Set(times).size).toBe(3);
  });

  it('leaves out what it is told to skip, also around a change', async () => {
    const skip = [{ month: 3, hour: '*', minute: '*' }];
    expect(await timesOf({ cron: '30 2 * * *', timeZone, skip }, spring, springEnd)).toEqual([]);
    const hour = { hour: isBerlin ? 4 : 5 };
    const times = await timesOf({ every: '90s', timeZone, skip: [hour] }, spring, springEnd);
    expect(times).toHaveLength(3 * 40);
  });
});

it('fires as its definition says in every zone, around every change of the next years', async () => {
  const list = (least: number, most: number) =>
    fc.oneof(
      fc.constant('*'),
      fc.integer({ min: 2, max: 20 }).map((step) => `*/${step}`),
      fc.uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 4 }).map(String),
    );
  const zones = [
    ...['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'Africa/Cairo', 'Asia/Kolkata'],
    ...['Atlantic/Azores', 'Asia/Beirut', 'America/St_Johns', 'Africa/Casablanca', 'Pacific/Auckland', 'UTC'],
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(list(0, 59), list(0, 23), list(1, 28), list(1, 12), list(0, 6)),
      fc.constantFrom(...zones),
      async ([minute, hour, dayOfMonth, month, dayOfWeek], timeZone) => {
        const given = { cron: `${minute} ${hour} ${dayOfMonth} ${month} ${dayOfWeek}`, timeZone };
        const changes = transitions(timeZone, now.getTime(), now.getTime() + 3 * 366 * 86_400_000);
        // The server lists 1,000 times at most.
        const ranges = [{ at: Date.UTC(2027, 4, 1) }, ...changes].map(({ at }): [number, number] => [
          at - 5 * 3_600_000,
          at + 5 * 3_600_000,
        ]);
        const { timing } = scheduleOf(given);
        const expected = ranges.flatMap(([from, to]) => fireTimes(timing, from - 1, 10_000, to - 1));
        expect(await serverTimes(given, ranges)).toEqual(expected);
      },
    ),
    { seed: 20270328, numRuns: 60 },
  );
});
