import { describe, expect, it } from 'vitest';
import { dayBefore, decide, series, steady, today, training, volume } from './support.ts';

const fall = (days: number, depth: number) => (before: number) => (before < days ? -depth : 0);

describe('a model of which nothing is remarkable', () => {
  it('is kept, and every rule says what it read', () => {
    const { verdict, fired, reasons, summary } = decide();
    expect({ verdict, fired }).toEqual({ verdict: 'keep', fired: [] });
    expect(reasons.map(({ rule }) => rule)).toEqual([
      'kpi:hit',
      'new-data',
      'drift',
      'data',
      'cool-down',
      'budget',
      'escalation',
    ]);
    for (const { text } of reasons) expect(text).toMatch(/\.$/);
    expect(summary).toContain('1.0 % new rows in 60 days');
  });

  it('is kept on every weekday and in every noise, over a season', () => {
    let fired = 0;
    for (let seed = 1; seed <= 60; seed++) {
      // Slope of a yearly wave of two and a half standard deviations at its steepest.
      const hit = steady(120, (before) => 0.00043 * before, seed);
      if (decide({ observations: { kpis: { hit } } }).verdict !== 'keep') fired++;
    }
    expect(fired).toBeLessThanOrEqual(1);
  });
});

describe('a key figure', () => {
  it('that falls in two windows running asks for training, in words with its season and threshold', () => {
    const { verdict, rule, wanted, summary } = decide({ observations: { kpis: { hit: steady(120, fall(2, 0.08)) } } });
    expect({ verdict, wanted }).toEqual({ verdict: 'retrain', wanted: ['kpi:hit'] });
    expect(rule('kpi:hit')?.threshold).toBeGreaterThan(rule('kpi:hit')?.value ?? 1);
    expect(summary).toMatch(/^Train again: hit is 0\.\d+, 0\.\d+ in the newest 2 windows \(to 2026-04-01\)/);
  });

  it.each([
    ['in one window only', fall(1, 0.08)],
    ['in the window before only', (before: number) => (before === 1 ? -0.08 : 0)],
    ['upwards', fall(2, -0.08)],
    ['within its noise', fall(2, 0.015)],
  ])('that moves %s does not', (_, change) => {
    expect(decide({ observations: { kpis: { hit: steady(120, change) } } }).verdict).toBe('keep');
  });

  it('that slides over three weeks asks for training before it is down', () => {
    const slide = (day: number) => (before: number) => -0.08 * Math.max(0, Math.min(1, (day - before) / 21));
    const answered = Array.from({ length: 30 }, (_, n) => n).find(
      (n) => decide({ observations: { kpis: { hit: steady(120, slide(n)) } } }).verdict === 'retrain',
    );
    expect(answered).toBeLessThan(21);
  });

  it('that is bad when high fires above its season', () => {
    const policy = { kpis: [{ name: 'hit', bad: 'high' as const }] };
    expect(decide({ observations: { kpis: { hit: steady(120, fall(2, -0.08)) } } }, policy).verdict).toBe('retrain');
    expect(decide({ observations: { kpis: { hit: steady(120, fall(2, 0.08)) } } }, policy).verdict).toBe('keep');
  });

  it('under its floor fires without a history, in two windows running', () => {
    const policy = { kpis: [{ name: 'hit', limit: 0.3 }] };
    const of = (...values: number[]) => ({
      observations: { kpis: { hit: series(values.length, (before) => values[values.length - 1 - before] ?? 0) } },
    });
    expect(decide(of(0.35, 0.29, 0.28), policy)).toMatchObject({ verdict: 'retrain', wanted: ['kpi:hit'] });
    expect(decide(of(0.29, 0.31, 0.28), policy).verdict).toBe('keep');
  });

  it('with too short a history says so and does not fire', () => {
    const { verdict, rule } = decide({ observations: { kpis: { hit: steady(10, fall(2, 0.3)) } } });
    expect(verdict).toBe('keep');
    expect(rule('kpi:hit')?.text).toContain('8 windows before them are too few to tell chance; 14 are needed');
  });

  it('is not judged by windows of an earlier champion', () => {
    const hit = steady(120, fall(4, 0.08));
    const { verdict, rule } = decide({ observations: { kpis: { hit } }, trainings: [training(2), training(60)] });
    expect(verdict).toBe('keep');
    expect(rule('kpi:hit')?.text).toContain('1 window of the present champion');
  });

  it('that falls as it did in the same days of last year is in season, unless a training ended that', () => {
    const holiday = (before: number) => (before < 3 || (before >= 363 && before < 367) ? -0.08 : 0);
    const observations = { kpis: { hit: steady(460, holiday) }, volume: volume(460) };
    const { verdict, rule } = decide({ observations });
    expect(verdict).toBe('keep');
    expect(rule('kpi:hit')?.text).toContain('The same days of last year went that way too');
    expect(decide({ observations, trainings: [training(60), training(360)] }).verdict).toBe('retrain');
  });

  it('that never moved falls by any amount', () => {
    const flat = (recent: number) => series(60, (before) => (before < 2 ? recent : 0.1));
    expect(decide({ observations: { kpis: { hit: flat(0.1) } } }).verdict).toBe('keep');
    expect(decide({ observations: { kpis: { hit: flat(0.09) } } }).verdict).toBe('retrain');
  });
});

describe('a data outage', () => {
  const out = (from: number) => ({
    volume: volume(120, (before) => (before < from ? 0.03 : 1)),
    kpis: { hit: steady(120, fall(from, 0.12)) },
  });

  it('alerts and trains nothing, however far the figures fall', () => {
    const { verdict, alert, summary, rule } = decide({ observations: out(3) });
    expect(verdict).toBe('alert');
    // The day before that is a Sunday, on which nothing is sold.
    expect(alert).toMatchObject({ key: `data/${dayBefore(2)}`, severity: 'warning' });
    expect(rule('data')).toMatchObject({ fired: true });
    expect(summary).toContain('3 % of the');
  });

  it('is one alert, whatever day of it is looked at', () => {
    const key = (days: number) => decide({ observations: out(days) }).alert?.key;
    expect(key(4)).toBe(`data/${dayBefore(4)}`);
    expect(key(2)).toBe(key(3));
    const later = decide({ observations: out(4), at: `${today}T18:00:00.000Z` }).alert?.key;
    expect(later).toBe(key(4));
  });

  it('holds trainings that other rules ask for, and says so', () => {
    const labelled = [{ day: today, value: 120_000 }];
    const { verdict, summary } = decide({ observations: { ...out(2), labelled } });
    expect(verdict).toBe('alert');
    expect(summary).toContain('It would have trained');
  });

  it('leaves no trace in what is expected afterwards', () => {
    const observations = {
      volume: volume(120, (before) => (before >= 4 && before < 9 ? 0.03 : 1)),
      kpis: { hit: steady(120, (before) => (before >= 3 && before < 9 ? -0.12 : 0)) },
    };
    expect(decide({ observations }).verdict).toBe('keep');
    const fallen = {
      ...observations,
      kpis: { hit: steady(120, (before) => (before >= 3 && before < 9 ? -0.12 : before < 2 ? -0.08 : 0)) },
    };
    expect(decide({ observations: fallen }).verdict).toBe('retrain');
  });

  it('is told by findings of data quality as well', () => {
    const findings = [{ day: dayBefore(1), kind: 'schema', text: 'column price is missing' }] as const;
    const { verdict, summary } = decide({ observations: { findings } });
    expect(verdict).toBe('alert');
    expect(summary).toContain('column price is missing');
  });

  it('begins when nothing has come for more days than may pass', () => {
    const silent = (days: number) => ({
      observations: { volume: volume().filter(({ day }) => day < dayBefore(days)) },
    });
    expect(decide(silent(3)).verdict).toBe('keep');
    expect(decide(silent(4)).verdict).toBe('alert');
  });

  it('goes on for as long as nothing comes, as one alert', () => {
    const observations = { volume: volume(200).filter(({ day }) => day < dayBefore(90)) };
    const { verdict, alert, summary } = decide({
      observations: { ...observations, volume: volume(400).filter(({ day }) => day < dayBefore(200)) },
    });
    expect({ verdict, key: alert?.key }).toEqual({ verdict: 'alert', key: `data/${dayBefore(200)}` });
    expect(summary).toContain(`nothing has come since ${dayBefore(201)}`);
    expect(decide({ observations }).verdict).toBe('alert');
  });

  it('is none where data come once a week', () => {
    const weekly = series(400, (before) => (before % 7 === 4 ? 1000 : null), dayBefore(1));
    for (const day of [today, dayBefore(1), dayBefore(2), dayBefore(3), dayBefore(4), dayBefore(5), dayBefore(6)])
      expect(decide({ observations: { volume: weekly }, day, at: `${day}T05:00:00.000Z` }).verdict).toBe('keep');
  });

  it('is none on a weekday that has no sales', () => {
    // 30 March 2026 is a Monday: the day before has no rows.
    expect(decide({ day: '2026-03-30', at: '2026-03-30T05:00:00.000Z' }).verdict).toBe('keep');
  });
});

describe('new data, age and drift', () => {
  const labelled = (value: number) => ({ labelled: [{ day: today, value }] });

  it.each([
    ['5 % after 7 days', 7, 105_000, 'retrain'],
    ['less than 5 %', 30, 104_999, 'keep'],
    ['younger than 7 days', 6, 200_000, 'keep'],
  ])('%s', (_, daysAgo, rows, verdict) => {
    expect(decide({ observations: labelled(rows), trainings: [training(daysAgo)] }).verdict).toBe(verdict);
  });

  it('counts from the last training, also of a challenger that was rejected', () => {
    const trainings = [training(8, { outcome: 'rejected', rows: 104_000 }), training(60)];
    expect(decide({ observations: labelled(105_000), trainings }).verdict).toBe('keep');
  });

  it('trains a model that has become old only where the policy says so', () => {
    expect(decide({ trainings: [training(90)] }, { maxAgeDays: 90 })).toMatchObject({
      verdict: 'retrain',
      wanted: ['age'],
    });
    expect(decide({ trainings: [training(900)] }).verdict).toBe('keep');
  });

  it('by drift trains a challenger that does not promote itself, once', () => {
    const drift = [
      { day: dayBefore(2), columns: 10, drifted: 4 },
      { day: dayBefore(1), columns: 10, drifted: 5 },
    ];
    expect(decide({ observations: { drift } })).toMatchObject({ verdict: 'challenger', wanted: ['drift'] });
    expect(
      decide({
        observations: { drift },
        trainings: [training(0.5), training(60)],
        at: `${dayBefore(-2)}T05:00:00.000Z`,
      }).verdict,
    ).toBe('keep');
    expect(decide({ observations: { drift: drift.slice(0, 1) } }).verdict).toBe('keep');
  });

  it('by drift and a figure together trains as for the figure', () => {
    const drift = [{ day: dayBefore(1), columns: 4, drifted: 4 }];
    const kpis = { hit: steady(120, fall(2, 0.08)) };
    expect(decide({ observations: { drift, kpis } })).toMatchObject({
      verdict: 'retrain',
      wanted: ['kpi:hit', 'drift'],
    });
  });
});

describe('what holds a training back', () => {
  const wanting = { kpis: { hit: steady(120, fall(2, 0.08)) } };

  it.each([
    [23, 'keep'],
    [24, 'retrain'],
  ])('a training that ended %i hours ago: %s', (hours, verdict) => {
    const endedAt = new Date(Date.parse(`${today}T05:00:00.000Z`) - hours * 3_600_000).toISOString();
    const recent = training(2, { outcome: 'rejected', endedAt });
    expect(decide({ observations: wanting, trainings: [recent, training(60)] }).verdict).toBe(verdict);
  });

  it('one under way', () => {
    const running = training(1, { endedAt: null, outcome: null, hours: null, promotedAt: null });
    const { verdict, summary } = decide({ observations: wanting, trainings: [running, training(60)] });
    expect(verdict).toBe('keep');
    expect(summary).toContain('under way');
  });

  it('the hours of the month: people decide when a figure is down, else it waits', () => {
    const at = '2026-04-01T05:00:00.000Z';
    const spent = training(0, {
      at: '2026-04-01T00:00:00.000Z',
      endedAt: '2026-03-31T04:00:00.000Z',
      outcome: 'rejected',
      hours: 49,
    });
    const trainings = [spent, training(60)];
    const { verdict, alert } = decide({ observations: wanting, trainings, at });
    expect({ verdict, key: alert?.key }).toEqual({ verdict: 'escalate', key: 'budget/2026-04' });
    const labelled = [{ day: today, value: 200_000 }];
    const routine = { observations: { labelled }, trainings: [{ ...spent, dataEnd: dayBefore(20) }], at };
    expect(decide(routine).verdict).toBe('keep');
    expect(decide(routine, { budgetHoursPerMonth: null }).verdict).toBe('retrain');
  });

  it('two challengers of the same rule that were rejected: people decide, until time has passed', () => {
    const rejected = (days: number, rule: string) => training(days, { outcome: 'rejected', rules: [rule] });
    const of = (...trainings: ReturnType<typeof training>[]) =>
      decide({ observations: wanting, trainings: [...trainings, training(60)] });
    expect(of(rejected(4, 'kpi:hit')).verdict).toBe('retrain');
    const { verdict, alert } = of(rejected(2, 'kpi:hit'), rejected(4, 'kpi:hit'));
    expect(verdict).toBe('escalate');
    expect(alert?.severity).toBe('critical');
    expect(of(rejected(2, 'new-data'), rejected(4, 'new-data')).verdict).toBe('retrain');
    expect(of(rejected(30, 'kpi:hit'), rejected(32, 'kpi:hit')).verdict).toBe('retrain');
    expect(of(training(3, { promotedAt: null }), rejected(4, 'kpi:hit'), rejected(5, 'kpi:hit')).verdict).toBe(
      'retrain',
    );
    expect(
      of(
        rejected(2, 'kpi:hit'),
        training(4, { outcome: 'failed', promotedAt: null, dataEnd: null, rules: ['kpi:hit'] }),
      ).verdict,
    ).toBe('escalate');
  });
});
