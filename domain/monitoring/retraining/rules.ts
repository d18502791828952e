import type { DecisionReason } from '../../../contracts/decisions.ts';
import type { FilledPolicy } from '../../../contracts/policies.ts';
import { dateOf, dayMs, dayNumber } from '../days.ts';
import { median } from '../statistics.ts';
import { count, percent } from '../words.ts';
import type { DriftWindow, RetrainingInputs, Series, Training } from './types.ts';

const hourMs = 3_600_000;
/** Past trainings that say how long the next one takes. */
const usualTrainings = 5;

/** Value of a series on a day, or the newest before it; null without one. */
export function valueOn(series: Series, day: string): number | null {
  return series.findLast((point) => point.day <= day)?.value ?? null;
}

/** The newest training that learned from something: what has been learned already need not be learned again. */
export function lastLearned(trainings: readonly Training[]): Training | null {
  return trainings.find(({ outcome, dataEnd }) => outcome !== 'failed' && outcome !== null && dataEnd !== null) ?? null;
}

/** Enough new labelled rows since the last training, and long enough ago. */
export function newDataRule({ newData }: FilledPolicy, { day, observations, state }: RetrainingInputs): DecisionReason {
  const last = lastLearned(state.trainings);
  const rows = valueOn(observations.labelled, day);
  const rule = 'new-data';
  if (last === null || rows === null || !last.rows) {
    const text = last === null ? 'No training has been recorded yet.' : 'Labelled rows have not been counted yet.';
    return { rule, fired: false, text, value: null, threshold: newData.share };
  }
  const share = (rows - last.rows) / last.rows;
  const age = dayNumber(day) - dayNumber(last.dataEnd as string);
  return {
    rule,
    fired: age >= newData.minAgeDays && share >= newData.share,
    text: `${percent(share)} new rows came in the ${count(age, 'day')} since the last training's data end; ${percent(newData.share)} after ${newData.minAgeDays} days or more ask for training.`,
    value: share,
    threshold: newData.share,
  };
}

/** The data of the last training have become old, whatever came in. */
export function ageRule({ maxAgeDays }: FilledPolicy, { day, state }: RetrainingInputs): DecisionReason | null {
  const last = lastLearned(state.trainings);
  if (maxAgeDays === null || last === null) return null;
  const age = dayNumber(day) - dayNumber(last.dataEnd as string);
  return {
    rule: 'age',
    fired: age >= maxAgeDays,
    text: `The data of the last training end ${count(age, 'day')} ago; ${maxAgeDays} ask for training.`,
    value: age,
    threshold: maxAgeDays,
  };
}

/** Enough columns have drifted, in windows running, and no model has learned from data since. */
export function driftRule(
  { drift }: FilledPolicy,
  { day, observations, state }: RetrainingInputs,
): DecisionReason | null {
  if (drift === null) return null;
  const windows = observations.drift.filter((window) => window.day <= day);
  const newest = windows.at(-1);
  const reading = { rule: 'drift', threshold: drift.share };
  if (!newest) return { ...reading, fired: false, text: 'Drift has not been measured yet.', value: null };
  const running: DriftWindow[] = [];
  for (let i = windows.length - 1; i >= 0 && shareOf(windows[i] as DriftWindow) >= drift.share; i--)
    running.unshift(windows[i] as DriftWindow);
  const learned = running[0]
    ? state.trainings.find(({ outcome, at }) => outcome !== 'failed' && at.slice(0, 10) >= (running[0]?.day ?? ''))
    : undefined;
  const fired = running.length >= drift.windows && learned === undefined;
  const known = learned ? ` A model was trained on ${learned.at.slice(0, 10)}, after it began.` : '';
  return {
    ...reading,
    fired,
    text: `${newest.drifted} of ${count(newest.columns, 'column')} have drifted beyond chance on ${newest.day}; ${percent(drift.share)} in ${count(drift.windows, 'window')} running train a challenger.${known}`,
    value: shareOf(newest),
  };
}

function shareOf({ columns, drifted }: DriftWindow): number {
  return columns === 0 ? 0 : drifted / columns;
}

/** A training is under way, or what it made is; or one ended a short while ago. */
export function coolDownRule({ coolDownHours }: FilledPolicy, { at, state }: RetrainingInputs): DecisionReason {
  const under = state.trainings.find(({ endedAt }) => endedAt === null);
  const rule = 'cool-down';
  if (under) {
    const text = `A training is under way since ${under.at.slice(0, 16).replace('T', ' ')} UTC.`;
    return { rule, fired: true, text, value: null, threshold: coolDownHours };
  }
  const brought = state.trainings.find(({ inRollout }) => inRollout);
  if (brought) {
    const text = `The version of the training of ${brought.at.slice(0, 10)} is being brought in by a rollout; none begins before that has ended.`;
    return { rule, fired: true, text, value: null, threshold: coolDownHours };
  }
  const ended = state.trainings.map(({ endedAt }) => Date.parse(endedAt as string));
  if (ended.length === 0)
    return { rule, fired: false, text: 'No training has been recorded yet.', value: null, threshold: coolDownHours };
  const hours = (at.getTime() - Math.max(...ended)) / hourMs;
  return {
    rule,
    fired: hours < coolDownHours,
    text: `The last training ended ${count(Math.floor(hours), 'hour')} ago; within ${count(coolDownHours, 'hour')} none begins.`,
    value: hours,
    threshold: coolDownHours,
  };
}

/** What the month has left does not do for another training. */
export function budgetRule(
  { budgetHoursPerMonth }: FilledPolicy,
  { at, state }: RetrainingInputs,
): DecisionReason | null {
  if (budgetHoursPerMonth === null) return null;
  const month = at.toISOString().slice(0, 7);
  const used = state.trainings
    .filter((training) => training.at.startsWith(month))
    .reduce((sum, { hours }) => sum + (hours ?? 0), 0);
  const next = usualHours(state.trainings);
  const fired = used + (next ?? 0) > budgetHoursPerMonth;
  return {
    rule: 'budget',
    fired,
    text: `Trainings took ${used.toFixed(1)} of the ${count(budgetHoursPerMonth, 'hour')} of ${month}${next === null ? '' : `; another takes about ${next.toFixed(1)}`}.`,
    value: used,
    threshold: budgetHoursPerMonth,
  };
}

/** Hours a training usually takes; null when none was measured. */
export function usualHours(trainings: readonly Training[]): number | null {
  const hours = trainings.flatMap(({ hours: took }) => (took === null ? [] : [took])).slice(0, usualTrainings);
  return hours.length === 0 ? null : median(hours);
}

/**
 * Challengers in a row that the same rules asked for and that did not become champion: one more of the same kind would
 * help as little. What was trained longer ago, or before a promotion, does not count.
 */
export function escalationRule(
  { escalation }: FilledPolicy,
  { at, state }: RetrainingInputs,
  wanted: readonly string[],
): DecisionReason {
  const { afterRejected, withinDays } = escalation;
  const since = at.getTime() - withinDays * dayMs;
  const tried: Training[] = [];
  for (const training of state.trainings) {
    const { outcome } = training;
    if (outcome === null || outcome === 'challenger') continue;
    if (outcome === 'promoted' || Date.parse(training.at) < since) break;
    if (training.rules.some((rule) => wanted.includes(rule))) tried.push(training);
  }
  const fired = tried.length >= afterRejected;
  const days = tried.map((training) => dateOf(dayNumber(training.at))).join(' and ');
  return {
    rule: 'escalation',
    fired,
    text:
      tried.length === 0
        ? 'No challenger that the same rules asked for was rejected lately.'
        : `${count(tried.length, 'challenger')} that the same rules asked for ${tried.length === 1 ? 'was' : 'were'} rejected or failed (of ${days}); after ${afterRejected} within ${count(withinDays, 'day')} people decide.`,
    value: tried.length,
    threshold: afterRejected,
  };
}
