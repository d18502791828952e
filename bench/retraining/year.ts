import type { FilledPolicy } from '../../contracts/policies.ts';
import { watchHour } from '../../contracts/retraining.ts';
import { dateOf, dayNumber } from '../../domain/monitoring/days.ts';
import {
  type Evaluation,
  evaluatePolicy,
  type Observations,
  type Training,
} from '../../domain/monitoring/retraining/index.ts';
import type { RetrainingWorld } from './world.ts';

const hourMs = 3_600_000;
const trainingHours = 1.5;

export interface YearDecision extends Evaluation {
  readonly day: string;
}

export interface Year {
  readonly decisions: readonly YearDecision[];
  readonly observations: Observations;
  /** Oldest first. */
  readonly trainings: readonly Training[];
}

/** Lives a generated year under a policy: every day is measured, decided about, and trained when the policy says so. */
export function liveYear(world: RetrainingWorld, policy: FilledPolicy): Year {
  const hits: { day: string; value: number }[] = [];
  const volume: { day: string; value: number }[] = [];
  const labelled: { day: string; value: number }[] = [];
  const first = dateOf(world.start - 30);
  let champion = { dataEnd: first };
  const trainings: Training[] = [
    trainingOf(world, dateOf(world.start - 30), {
      outcome: 'promoted',
      promotedAt: `${first}T07:00:00.000Z`,
      rules: [],
    }),
  ];
  const decisions: YearDecision[] = [];
  const observations: Observations = { kpis: { realised_hit: hits }, labelled, volume, findings: [], drift: [] };
  for (let n = world.first; n < world.end; n++) {
    const day = dateOf(n);
    const value = world.hitOf(n, champion);
    if (value !== null) hits.push({ day, value });
    volume.push({ day: dateOf(n - 1), value: world.rowsOf(n - 1) });
    labelled.push({ day, value: world.labelledBefore(n) });
    if (n < world.start) continue;
    const at = new Date(dayNumber(day) * 24 * hourMs + watchHour * hourMs);
    const state = { championVersion: trainings.length, trainings: [...trainings].reverse() };
    const evaluation = evaluatePolicy(policy, { at, day, observations, state });
    decisions.push({ day, ...evaluation });
    if (evaluation.verdict !== 'retrain') continue;
    const challenger = { dataEnd: day };
    const isBetter = world.isBetter(n, challenger, champion);
    trainings.push(
      trainingOf(world, day, {
        outcome: isBetter ? 'promoted' : 'rejected',
        promotedAt: isBetter ? new Date(at.getTime() + trainingHours * hourMs).toISOString() : null,
        rules: evaluation.wanted,
      }),
    );
    if (isBetter) champion = challenger;
  }
  return { decisions, observations, trainings };
}

function trainingOf(
  world: RetrainingWorld,
  day: string,
  rest: Pick<Training, 'outcome' | 'promotedAt' | 'rules'>,
): Training {
  const at = Date.parse(day) + watchHour * hourMs;
  return {
    at: new Date(at).toISOString(),
    endedAt: new Date(at + trainingHours * hourMs).toISOString(),
    hours: trainingHours,
    dataEnd: day,
    rows: world.labelledBefore(dayNumber(day)),
    ...rest,
  };
}
