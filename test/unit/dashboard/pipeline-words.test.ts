import { describe, expect, it } from 'vitest';
import type { RuleDefinition } from '../../../contracts/rules.ts';
import type { ScheduleDefinition } from '../../../contracts/schedules.ts';
import { gridOf } from '../../../dashboard/pages/pipelines/backfills/grid.ts';
import { forecastWords, progressOf, remainingMs } from '../../../dashboard/pages/pipelines/words/backfills.ts';
import { dayLook, dueWords } from '../../../dashboard/pages/pipelines/words/deadlines.ts';
import { kindWords, readParam, writeParam } from '../../../dashboard/pages/pipelines/words/params.ts';
import { evaluationWords, ruleWords } from '../../../dashboard/pages/pipelines/words/rules.ts';
import { cronOf, cronWords, simpleCron, startWords } from '../../../dashboard/pages/pipelines/words/schedules.ts';
import { fieldsOf } from '../../../dashboard/ui/schema-fields.ts';

describe('when a schedule starts', () => {
  it.each([
    ['0 5 * * *', 'every day at 05:00'],
    ['30 2 * * 0', 'every Sunday at 02:30'],
    ['0 6 * * 1-5', 'Monday to Friday at 06:00'],
    ['*/15 * * * *', 'every 15 minutes'],
    ['0 6,18 * * *', 'every day at 06:00 and 18:00'],
    ['5 4 1 * *', 'on day 1 of the month at 04:05'],
    ['@weekly', 'every Sunday at 00:00'],
    ['not a line', 'not a line'],
  ])('%s is %s', (line, words) => expect(cronWords(line)).toBe(words));

  const schedule = (given: Partial<ScheduleDefinition>): string => startWords({ id: 'a', pipeline: 'b', ...given });

  it('names zone, interval, calendars and what is left out', () => {
    expect(schedule({ cron: '0 6 * * *', timeZone: 'Europe/Berlin' })).toBe('every day at 06:00, Europe/Berlin');
    expect(schedule({ every: '15m' })).toBe('every 15 min');
    expect(schedule({ calendars: [{ hour: 6, dayOfWeek: 'MON-FRI' }] })).toBe('Monday to Friday at 06:00, UTC');
    expect(schedule({ cron: '@daily', skip: [{ month: 12, dayOfMonth: 25 }] })).toBe(
      'every day at 00:00, UTC, but not on 12-25 of each year',
    );
  });

  it.each(['15 * * * *', '30 6 * * *', '0 6 * * 1-5', '5 7 * * 3', '0 0 31 * *'])(
    '%s has a form, which gives the same line',
    (line) => {
      const parts = simpleCron(line);
      expect(parts && cronOf(parts)).toBe(line);
    },
  );

  it('leaves what the form has no parts for to the line', () => {
    for (const line of ['*/5 * * * *', '0 6 1 * 1', '0 6 * 1 *', '0 6,18 * * *']) expect(simpleCron(line)).toBeNull();
  });
});

describe('rules in sentences', () => {
  const rule = (given: Partial<RuleDefinition>): string =>
    ruleWords({
      ...{ id: 'a', mode: 'all', actions: {} },
      patterns: ['one', 'two'].map((name) => ({ name, type: 'run.succeeded' })),
      ...given,
    });

  it('say when a rule acts', () => {
    expect(rule({ within: '24h', by: 'event.subject', deadline: { after: '6h' } })).toBe(
      'Acts when “one” and “two” have all come, at most 24 h apart, for each event.subject. What is missing 6 h after the first counts as late.',
    );
    expect(rule({ mode: 'any', cooldown: '1d' })).toBe(
      'Acts at every event that is “one” or “two”. Then it rests for 1 day.',
    );
    expect(rule({ mode: 'absence', deadline: { at: '06:00', zone: 'Europe/Berlin', keys: ['DE', 'FR'] } })).toBe(
      'Acts when “one” or “two” has not come by 06:00 Europe/Berlin. Expected: DE and FR.',
    );
  });

  it('say why one did not fire', () => {
    expect(evaluationWords({ outcome: 'ignored', key: 'DE', why: 'one: source is "/a", not "/b"' })).toBe(
      'Did not fire for DE: one: source is "/a", not "/b".',
    );
  });
});

describe('deadlines', () => {
  it('say what is due when', () => {
    const common = { id: 'a', pipeline: 'offers', by: '07:00', zone: 'UTC' };
    expect(dueWords({ ...common, key: 'DE', days: ['MON', 'TUE', 'WED', 'THU', 'FRI'] })).toBe(
      'offers for DE is due by 07:00 UTC, Monday to Friday',
    );
    expect(dueWords({ ...common, dayOffset: -1 })).toBe('offers of the day before is due by 07:00 UTC, every day');
  });

  it('tell met from met late', () => {
    expect(dayLook({ status: 'met', lateSeconds: 0 })).toEqual({ tone: 'ok', word: 'Met' });
    expect(dayLook({ status: 'met', lateSeconds: 10_500 })).toEqual({ tone: 'late', word: 'Met 2 h 55 min late' });
  });
});

describe('backfills', () => {
  it('say what one would do and how long it takes', () => {
    const partition = (action: 'run' | 'wait' | 'skip') => ({ partition: action, action, reason: null });
    const estimate = { seconds: 7200, medianRunSeconds: 2700, basedOnRuns: 12 };
    expect(
      forecastWords({
        total: 3,
        toRun: 1,
        partitions: ['run', 'wait', 'skip'].map((a) => partition(a as 'run')),
        estimate,
      }),
    ).toBe(
      '1 run for 3 partitions, 1 wait for runs that are under way, 1 left out. It takes about 2 h: a run usually takes 45 min (12 runs looked at).',
    );
    expect(forecastWords({ total: 1, toRun: 0, partitions: [partition('skip')], estimate: null })).toBe(
      'Nothing to do: all 1 partition would be left out.',
    );
  });

  it('count what is done, and judge what is left by runs that succeeded', () => {
    expect(progressOf({ succeeded: 3, skipped: 1, failed: 1, running: 2, pending: 4, cancelled: 1 })).toEqual({
      ...{ done: 4, failed: 1, running: 2, left: 6 },
    });
    const run = (minutes: number, status = 'succeeded') => ({
      ...{
        status,
        startedAt: '2026-01-01T00:00:00Z',
        finishedAt: new Date(Date.UTC(2026, 0, 1, 0, minutes)).toISOString(),
      },
    });
    expect(remainingMs(5, 2, [run(10), run(20), run(30), run(1, 'failed')])).toBe(3 * 20 * 60_000);
    expect(remainingMs(5, 2, [])).toBeNull();
  });

  it('stand as keys by days', () => {
    const grid = gridOf(['2026-01-02/FR', '2026-01-01/DE', '2026-01-02/DE'].map((partition) => ({ partition })));
    expect([grid.keys, grid.days]).toEqual([
      ['DE', 'FR'],
      ['2026-01-01', '2026-01-02'],
    ]);
    expect(grid.at(1, 0)).toBeNull();
    expect(grid.at(1, 1)).toEqual({ partition: '2026-01-02/FR' });
    expect(gridOf([{ partition: '2026-01-01' }]).at(0, 0)).toEqual({ partition: '2026-01-01' });
  });
});

describe('parameters', () => {
  const [pair, size, share, ids] = fieldsOf({
    type: 'object',
    properties: {
      pair: { type: 'string' },
      size: { anyOf: [{ const: 'tiny' }, { const: 'small' }], default: 'tiny' },
      share: { type: 'number', minimum: 0, maximum: 1, default: 0.05 },
      ids: { type: 'array', items: { type: 'string' }, default: [] },
    },
  } as never);

  it('say what they may be', () => {
    expect([pair, size, share, ids].map((field) => field && kindWords(field))).toEqual([
      ...['text', 'one of tiny, small', 'number, 0 to 1', 'list of words'],
    ]);
  });

  it('are read as typed, keep what is worked out later, and stay text where they are no value', () => {
    if (!share || !ids || !pair) throw new Error('a field is missing');
    expect(readParam(share, '0.05')).toBe(0.05);
    expect(readParam(share, '{{ date }}')).toBe('{{ date }}');
    expect(readParam(share, 'much')).toBe('much');
    expect(readParam(ids, 'a, b')).toEqual(['a', 'b']);
    expect(writeParam(ids, ['a', 'b'])).toBe('a, b');
  });
});
