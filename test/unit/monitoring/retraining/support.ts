import type { PolicyDefinition } from '../../../../contracts/policies.ts';
import { dateOf, dayNumber, weekdayOf } from '../../../../domain/monitoring/days.ts';
import {
  evaluatePolicy,
  fillPolicy,
  type Observations,
  type RetrainingInputs,
  type Training,
} from '../../../../domain/monitoring/retraining/index.ts';
import { Random } from '../../../../domain/nlp/random.ts';

/** The day that tests decide about: a Wednesday. */
export const today = '2026-04-01';
export const dayBefore = (days: number): string => dateOf(dayNumber(today) - days);

/** Values of the days up to a day, oldest first; `on` is told how many days before it and the day's number. */
export function series(days: number, on: (before: number, day: number) => number | null, last = today) {
  return Array.from({ length: days }, (_, i) => {
    const before = days - 1 - i;
    const day = dayNumber(last) - before;
    const value = on(before, day);
    return value === null ? [] : [{ day: dateOf(day), value }];
  }).flat();
}

/** A hit rate of .35 with weekdays and noise of .01. */
export function steady(days = 120, change: (before: number) => number = () => 0, seed = 1) {
  const random = new Random(seed);
  return series(days, (before, day) => 0.35 - 0.004 * weekdayOf(day) + 0.01 * random.normal() + change(before));
}

/** 1000 rows a day, none on Sundays. */
export function volume(days = 120, change: (before: number) => number = () => 1, seed = 2) {
  const random = new Random(seed);
  return series(
    days,
    (before, day) => (weekdayOf(day) === 6 ? 0 : Math.round(1000 * (1 + 0.05 * random.normal()) * change(before))),
    dayBefore(1),
  );
}

export function training(daysAgo: number, change: Partial<Training> = {}): Training {
  const at = `${dayBefore(daysAgo)}T03:00:00.000Z`;
  return {
    at,
    endedAt: `${dayBefore(daysAgo)}T05:00:00.000Z`,
    hours: 2,
    outcome: 'promoted',
    promotedAt: change.outcome && change.outcome !== 'promoted' ? null : `${dayBefore(daysAgo)}T05:00:00.000Z`,
    rules: [],
    dataEnd: dayBefore(daysAgo),
    rows: 100_000,
    ...change,
  };
}

export const given = {
  id: 'offers',
  pipeline: 'offers',
  model: 'next-products',
  kpis: [{ name: 'hit' }],
} as const satisfies PolicyDefinition;

export interface Case {
  readonly observations?: Partial<Observations>;
  readonly trainings?: readonly Training[];
  readonly at?: string;
  readonly day?: string;
}

/** What a policy decides today of a model that was trained 60 days ago and of which nothing is remarkable, but for the changes. */
export function decide(
  { observations = {}, trainings = [training(60)], at = `${today}T05:00:00.000Z`, day = today }: Case = {},
  policy: Partial<PolicyDefinition> = {},
) {
  const inputs: RetrainingInputs = {
    at: new Date(at),
    day,
    observations: {
      kpis: { hit: steady() },
      labelled: [
        { day: dayBefore(60), value: 100_000 },
        { day, value: 101_000 },
      ],
      volume: volume(),
      findings: [],
      drift: [],
      ...observations,
    },
    state: { championVersion: 1, trainings },
  };
  const evaluation = evaluatePolicy(fillPolicy({ ...given, ...policy }), inputs);
  return {
    ...evaluation,
    rule: (name: string) => evaluation.reasons.find((reason) => reason.rule === name),
    fired: evaluation.reasons.filter(({ fired }) => fired).map(({ rule }) => rule),
  };
}
