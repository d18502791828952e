import type { FilledPolicy } from '../../contracts/policies.ts';
import { watchHour } from '../../contracts/retraining.ts';
import { dateOf, dayNumber } from '../../domain/monitoring/days.ts';
import { backtestPolicy, fillPolicy } from '../../domain/monitoring/retraining/index.ts';
import { median } from '../figures.ts';
import { RetrainingWorld } from './world.ts';
import { liveYear, type Year } from './year.ts';

export interface RetrainingBenchOptions {
  /** Years, each of its own seed. */
  readonly years: number;
  readonly seed: number;
}

export interface YearFigures {
  /** Days from the beginning of a degradation to a training that a key figure asked for; null when none came. */
  readonly delays: Readonly<Record<'sudden' | 'gradual', number | null>>;
  /** Days to the first training of any rule. */
  readonly answered: Readonly<Record<'sudden' | 'gradual', number | null>>;
  readonly outageTrainings: number;
  readonly outageAlerted: boolean;
  /** Alerts on days without an outage. */
  readonly falseAlerts: number;
  /** Trainings that a key figure asked for while the model had lost nothing worth it. */
  readonly falseTrainings: number;
  readonly trainings: number;
  /** Days on which the backtest decides as was decided, of all. */
  readonly agreement: readonly [number, number];
}

/** Days after its beginning in which a degradation is to be answered. */
const answerDays = 45;
/** Loss of hit rate that is within a day's noise. */
const noise = 0.012;
export const yearStart = '2025-01-01';
export const yearDays = 365;

/** The default policy on the hit rate of the generated years. */
export const yearPolicy: FilledPolicy = fillPolicy({
  id: 'year',
  pipeline: 'offers',
  model: 'offers-next-products',
  kpis: [{ name: 'realised_hit' }],
});

/** What the default policy makes of generated years with two degradations and an outage, and what its backtest says of them. */
export async function benchRetraining({ years, seed }: RetrainingBenchOptions, say: (line: string) => void) {
  const found: YearFigures[] = [];
  const began = performance.now();
  for (let n = 0; n < years; n++) {
    const figures = await judgeYear(seed + n);
    found.push(figures);
    const { delays, outageAlerted, outageTrainings, falseTrainings, trainings } = figures;
    say(
      `year ${seed + n}: sudden after ${delays.sudden ?? '–'} days, gradual after ${delays.gradual ?? '–'}; outage ${outageAlerted ? 'alerted' : 'missed'}, ${outageTrainings} trainings for it; ${trainings} trainings, ${falseTrainings} false`,
    );
  }
  const of = (kind: 'sudden' | 'gradual') => {
    const delays = found.flatMap(({ delays: all }) => (all[kind] === null ? [] : [all[kind]]));
    return {
      [`${kind}_caught`]: delays.length,
      [`${kind}_answered`]: found.filter(({ answered }) => answered[kind] !== null).length,
      [`${kind}_days_median`]: delays.length === 0 ? null : median(delays),
      [`${kind}_days_most`]: delays.length === 0 ? null : Math.max(...delays),
    };
  };
  const sum = (value: (year: YearFigures) => number): number => found.reduce((total, year) => total + value(year), 0);
  return {
    years,
    ...of('sudden'),
    ...of('gradual'),
    outages_alerted: found.filter(({ outageAlerted }) => outageAlerted).length,
    outage_trainings: sum(({ outageTrainings }) => outageTrainings),
    false_alert_days_per_year: sum(({ falseAlerts }) => falseAlerts) / years,
    false_trainings_per_year: sum(({ falseTrainings }) => falseTrainings) / years,
    trainings_per_year: sum(({ trainings }) => trainings) / years,
    backtest_agreement: sum(({ agreement }) => agreement[0]) / sum(({ agreement }) => agreement[1]),
    seconds_per_year: (performance.now() - began) / 1000 / years,
  };
}

/** One generated year under the default policy, and its backtest. */
export async function judgeYear(seed: number, policy: FilledPolicy = yearPolicy): Promise<YearFigures> {
  const world = new RetrainingWorld({ seed, start: yearStart, days: yearDays });
  const year = liveYear(world, policy);
  const trained = year.decisions.filter(({ verdict }) => verdict === 'retrain');
  const byFigure = trained.filter(({ wanted }) => wanted.some((rule) => rule.startsWith('kpi:')));
  const alerts = year.decisions.filter(({ verdict }) => verdict === 'alert');
  const after = (kind: 'sudden' | 'gradual', decisions: readonly { readonly day: string }[]): number | null => {
    const from = dayNumber(world.stretches.find((stretch) => stretch.kind === kind)?.from ?? '');
    const first = decisions.map(({ day }) => dayNumber(day) - from).find((days) => days > 0 && days <= answerDays);
    return first ?? null;
  };
  const outage = world.stretches.find(({ kind }) => kind === 'outage') as { from: string; to: string };
  // Its last day is judged the day after.
  const isOut = ({ day }: { readonly day: string }): boolean =>
    day > outage.from && day <= dateOf(dayNumber(outage.to) + 1);
  const report = await backtestYear(year, policy);
  return {
    delays: { sudden: after('sudden', byFigure), gradual: after('gradual', byFigure) },
    answered: { sudden: after('sudden', trained), gradual: after('gradual', trained) },
    outageTrainings: trained.filter(isOut).length,
    outageAlerted: alerts.some(isOut),
    falseAlerts: alerts.filter((alert) => !isOut(alert)).length,
    falseTrainings: byFigure.filter(({ day }) => lossOn(world, year, day) < noise).length,
    trainings: trained.length,
    agreement: [report.agreement.same, report.agreement.days],
  };
}

/** The backtest of a policy on a lived year. */
export function backtestYear(year: Year, policy: FilledPolicy) {
  const verdicts = new Map(year.decisions.map(({ day, verdict }) => [day, verdict]));
  return backtestPolicy(
    policy,
    { observations: year.observations, trainings: year.trainings, verdicts },
    {
      from: yearStart,
      to: dateOf(dayNumber(yearStart) + yearDays),
      model: policy.model,
      hour: watchHour,
      version: null,
      hash: '',
    },
  );
}

function lossOn(world: RetrainingWorld, { trainings }: Year, day: string): number {
  const champion = trainings.findLast(({ promotedAt, at }) => promotedAt !== null && at.slice(0, 10) < day);
  return champion?.dataEnd ? world.lossOf(dayNumber(day), { dataEnd: champion.dataEnd }) : 0;
}
