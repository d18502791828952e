import { describe, expect, it } from 'vitest';
import {
  backtestYear,
  judgeYear,
  type YearFigures,
  yearDays,
  yearPolicy,
  yearStart,
} from '../../../../bench/retraining/index.ts';
import { RetrainingWorld } from '../../../../bench/retraining/world.ts';
import { liveYear } from '../../../../bench/retraining/year.ts';
import { fillPolicy } from '../../../../domain/monitoring/retraining/index.ts';

const seeds = [1, 2, 3, 4, 5];
const years = new Map<number, YearFigures>();
for (const seed of seeds) years.set(seed, await judgeYear(seed));

describe.each(seeds)('a generated year with weekdays, a season, two degradations and an outage (seed %i)', (seed) => {
  const figures = years.get(seed) as YearFigures;

  it('is retrained after both degradations', () => {
    expect(figures.answered.sudden).toBeLessThanOrEqual(7);
    expect(figures.answered.gradual).toBeLessThanOrEqual(30);
  });

  it('is not retrained for the outage, which is alerted', () => {
    expect(figures.outageTrainings).toBe(0);
    expect(figures.outageAlerted).toBe(true);
  });

  it('has a backtest that decides every day as was decided', () => {
    expect(figures.agreement).toEqual([yearDays, yearDays]);
  });
});

describe('the generated years together', () => {
  const all = [...years.values()];

  it('have few trainings and alerts without a reason', () => {
    const sum = (of: (year: YearFigures) => number) => all.reduce((total, year) => total + of(year), 0);
    expect(sum(({ falseTrainings }) => falseTrainings)).toBeLessThanOrEqual(seeds.length);
    expect(sum(({ falseAlerts }) => falseAlerts)).toBeLessThanOrEqual(seeds.length);
  });
});

describe('a backtest of another policy', () => {
  const world = new RetrainingWorld({ seed: 3, start: yearStart, days: yearDays });
  const year = liveYear(world, yearPolicy);

  it('shows what a stricter one would have cost, and a lazier one missed', async () => {
    const nervous = fillPolicy({ ...base, kpis: [{ name: 'realised_hit', sigmas: 1.5, windows: 1 }] });
    const blind = fillPolicy({ ...base, newData: { share: 10 }, kpis: [] });
    const [own, more, none] = await Promise.all(
      [yearPolicy, nervous, blind].map((policy) => backtestYear(year, policy)),
    );
    expect(more!.falseRetrainings.length).toBeGreaterThan(own!.falseRetrainings.length + 5);
    expect(more!.hours).toBeGreaterThan(own!.hours);
    expect(none).toMatchObject({ retrainings: 0, hours: 0, caught: 0 });
    expect(own!.degradations.length).toBeGreaterThan(0);
  });

  it('does not ask again and again for a degradation that it would have ended, but that the past did not', async () => {
    // The past: nobody trained.
    const still = liveYear(world, fillPolicy({ ...base, newData: { share: 10 }, kpis: [] }));
    const report = await backtestYear(still, yearPolicy);
    const byFigure = report.byRule['kpi:realised_hit'] ?? 0;
    expect(byFigure).toBeGreaterThanOrEqual(1);
    expect(byFigure).toBeLessThanOrEqual(6);
  });
});

const base = { id: 'other', pipeline: 'offers', model: yearPolicy.model };
