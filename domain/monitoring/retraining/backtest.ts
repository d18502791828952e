import { setImmediate as otherWork } from 'node:timers/promises';
import type { BacktestDecision, BacktestReport, MarkedDegradation } from '../../../contracts/backtests.ts';
import type { DecisionVerdict } from '../../../contracts/decisions.ts';
import type { FilledPolicy } from '../../../contracts/policies.ts';
import { dateOf, dayMs, dayNumber } from '../days.ts';
import { median } from '../statistics.ts';
import { findDataFaults } from './data-faults.ts';
import { type Degradation, findDegradations } from './degradations.ts';
import { evaluatePolicy } from './evaluate.ts';
import { judgeDegradations } from './judge-degradations.ts';
import { usualHours, valueOn } from './rules.ts';
import { kpiKey, type Observations, type Training } from './types.ts';

const hourMs = 3_600_000;
/** Days decided about before other work has its turn. */
const daysAtATime = 5;
/** Hours of a training when none was ever measured. */
const unknownHours = 1;

/** Days after a training that the past does not know, and that no degradation stands behind, whose figures say nothing. */
const unknownDays = 28;

/** What is stored of the past. */
export interface StoredPast {
  readonly observations: Observations;
  /** Oldest first. */
  readonly trainings: readonly Training[];
  /** Verdicts by day, of the decisions that were made. */
  readonly verdicts: ReadonlyMap<string, DecisionVerdict>;
}

export interface BacktestOptions {
  /** First day, and the day after the last; YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
  /** The model, for the report. */
  readonly model: string;
  /** Hour of the day at which is decided, UTC. */
  readonly hour: number;
  readonly version: number | null;
  readonly hash: string;
  /** Degradations that people know; default: those that can be told after the fact. */
  readonly degradations?: readonly MarkedDegradation[];
}

/**
 * Lets a policy decide every day of the past with what was known then, by the same function that decides today. What it
 * decided so far is its state: cool-down, budget and escalation are its own, not those of the past. A training that the
 * past knows on the day gives its hours and outcome; of any other it is assumed that it takes the usual hours and
 * succeeds; the figures of the degradation it ended, which were measured with the model that stayed, say nothing more,
 * until a training of the past brought another.
 * Trainings that no policy asked for happened anyway.
 */
export async function backtestPolicy(
  policy: FilledPolicy,
  past: StoredPast,
  options: BacktestOptions,
): Promise<BacktestReport> {
  const { from, to } = options;
  const degradations =
    options.degradations?.map((marked) => ({ ...marked, kpi: null, depth: null })) ??
    degradationsOf(policy, past.observations, from, to);
  const starts = past.trainings.filter(({ at }) => at.slice(0, 10) < from);
  const byPeople = past.trainings.filter(({ at, rules }) => at.slice(0, 10) >= from && rules.length === 0);
  const own: Training[] = [];
  const unknown: { from: number; to: number }[] = [];
  const days: BacktestDecision[] = [];
  for (let n = dayNumber(from); n < dayNumber(to); n++) {
    // A few milliseconds each: other requests are answered in between.
    if (n % daysAtATime === 0) await otherWork();
    const day = dateOf(n);
    const at = new Date(n * dayMs + options.hour * hourMs);
    const before = (training: Training): boolean => Date.parse(training.at) < at.getTime();
    const trainings = [...starts, ...byPeople.filter(before), ...own]
      .map((training) => asOf(training, at))
      .sort((a, b) => (a.at < b.at ? 1 : -1));
    const observations = { ...past.observations, kpis: withoutUnknown(past.observations.kpis, unknown) };
    const evaluation = evaluatePolicy(policy, { at, day, observations, state: { championVersion: null, trainings } });
    const { verdict, wanted, summary } = evaluation;
    days.push({ day, verdict, wanted, summary });
    if (verdict !== 'retrain' && verdict !== 'challenger') continue;
    const recorded = past.trainings.find(({ at: began }) => Math.abs(Date.parse(began) - at.getTime()) < dayMs / 2);
    own.push(recorded ? { ...recorded, rules: wanted } : assumed(at, day, verdict, wanted, past));
    if (recorded || verdict !== 'retrain') continue;
    const inside = degradations.find((one) => one.from <= day && day <= one.to);
    const replaced = past.trainings.find(({ promotedAt }) => promotedAt !== null && promotedAt.slice(0, 10) > day);
    unknown.push({
      from: n,
      to: Math.min(
        inside ? dayNumber(inside.to) : n + unknownDays,
        replaced?.promotedAt ? dayNumber(replaced.promotedAt) : Number.POSITIVE_INFINITY,
      ),
    });
  }
  const { model, version, hash } = options;
  return { policy: { id: policy.id, version, hash }, model, from, to, ...summarise(past, days, own, degradations) };
}

/** A training as it stood at a time: one that had not ended by then was under way. */
function asOf(training: Training, at: Date): Training {
  const { endedAt } = training;
  if (endedAt !== null && Date.parse(endedAt) <= at.getTime()) return training;
  return { ...training, endedAt: null, hours: null, outcome: null, promotedAt: null };
}

function assumed(
  at: Date,
  day: string,
  verdict: DecisionVerdict,
  rules: readonly string[],
  { trainings, observations }: StoredPast,
): Training {
  const hours = usualHours([...trainings].reverse()) ?? unknownHours;
  const endedAt = new Date(at.getTime() + hours * hourMs).toISOString();
  return {
    at: at.toISOString(),
    endedAt,
    hours,
    outcome: verdict === 'retrain' ? 'promoted' : 'challenger',
    promotedAt: verdict === 'retrain' ? endedAt : null,
    rules,
    dataEnd: day,
    rows: valueOn(observations.labelled, day),
  };
}

function withoutUnknown(
  kpis: Observations['kpis'],
  unknown: readonly { readonly from: number; readonly to: number }[],
): Observations['kpis'] {
  if (unknown.length === 0) return kpis;
  const isKnown = (day: number): boolean => !unknown.some(({ from, to }) => day > from && day <= to);
  return Object.fromEntries(
    Object.entries(kpis).map(([key, series]) => [key, series.filter(({ day }) => isKnown(dayNumber(day)))]),
  );
}

/** Degradations of each watched figure that can be told after the fact, on days whose data are sound. */
function degradationsOf(policy: FilledPolicy, observations: Observations, from: string, to: string): Degradation[] {
  const faulty = new Set<number>();
  for (let n = dayNumber(from); n <= dayNumber(to); n += 28)
    for (const day of findDataFaults(observations, dateOf(Math.min(n + 28, dayNumber(to))), policy).byDay.keys())
      for (let lag = 0; lag <= policy.data.lagDays; lag++) faulty.add(day + lag);
  return policy.kpis.flatMap((kpi) => {
    const key = kpiKey(kpi);
    const points = (observations.kpis[key] ?? [])
      .map(({ day, value }) => ({ day: dayNumber(day), value }))
      .filter(({ day }) => day >= dayNumber(from) && day < dayNumber(to) && !faulty.has(day));
    return findDegradations(points, kpi, key);
  });
}

function summarise(
  past: StoredPast,
  days: readonly BacktestDecision[],
  own: readonly Training[],
  degradations: readonly Degradation[],
): Omit<BacktestReport, 'policy' | 'model' | 'from' | 'to'> {
  const of = (verdict: DecisionVerdict): BacktestDecision[] => days.filter((decided) => decided.verdict === verdict);
  const byRule: Record<string, number> = {};
  for (const { wanted } of [...of('retrain'), ...of('challenger')])
    for (const rule of wanted) byRule[rule] = (byRule[rule] ?? 0) + 1;
  const { judged, falseRetrainings } = judgeDegradations(degradations, of('retrain'), past.trainings);
  const caught = judged.filter(({ status }) => status === 'caught');
  const compared = days.flatMap(({ day, verdict }) => {
    const stored = past.verdicts.get(day);
    return stored === undefined ? [] : [{ day, stored, backtest: verdict }];
  });
  const differing = compared.filter(({ stored, backtest }) => stored !== backtest);
  return {
    days: days.length,
    retrainings: of('retrain').length,
    challengers: of('challenger').length,
    hours: own.reduce((sum, { hours }) => sum + (hours ?? 0), 0),
    alerts: of('alert').length,
    escalations: of('escalate').length,
    byRule,
    degradations: judged,
    caught: caught.length,
    missed: judged.filter(({ status }) => status === 'missed').length,
    falseRetrainings,
    medianDaysToDetection: caught.length === 0 ? null : median(caught.map(({ days: took }) => took ?? 0)),
    decisions: days.filter(({ verdict }) => verdict !== 'keep'),
    agreement: { days: compared.length, same: compared.length - differing.length, differing },
  };
}
