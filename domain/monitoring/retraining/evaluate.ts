import type { DecisionAlert, DecisionReason } from '../../../contracts/decisions.ts';
import type { FilledPolicy } from '../../../contracts/policies.ts';
import { dayNumber } from '../days.ts';
import { count, lower, percent } from '../words.ts';
import { type DataFaults, findDataFaults } from './data-faults.ts';
import { kpiRule } from './kpi-rule.ts';
import { ageRule, budgetRule, coolDownRule, driftRule, escalationRule, lastLearned, newDataRule } from './rules.ts';
import { type Evaluation, kpiKey, type RetrainingInputs } from './types.ts';

/**
 * Decides whether a model is trained again: a function of its arguments alone, so that a backtest and the decision itself
 * cannot differ. Every rule says what it read, its threshold and whether it fired, also when nothing comes of it.
 *
 * Rules that ask for training are those of key figures, new data, age and drift (drift alone: a challenger only). None
 * trains while data are at fault (alert), within the cool-down, over the budget, or after rejected challengers
 * (escalation).
 */
export function evaluatePolicy(policy: FilledPolicy, inputs: RetrainingInputs): Evaluation {
  const faults = findDataFaults(inputs.observations, inputs.day, policy);
  const data = dataReading(faults);
  const context = kpiContext(policy, inputs, faults);
  const kpis = policy.kpis.map((kpi) => kpiRule(kpi, inputs.observations.kpis[kpiKey(kpi)] ?? [], context));
  const asking = [newDataRule(policy, inputs), ageRule(policy, inputs), driftRule(policy, inputs)].filter(
    (reading) => reading !== null,
  );
  const wanting = [...kpis, ...asking].filter(({ fired }) => fired);
  const wanted = wanting.map(({ rule }) => rule);
  const rest = coolDownRule(policy, inputs);
  const budget = budgetRule(policy, inputs);
  const escalation = escalationRule(policy, inputs, wanted);
  const reasons = [...kpis, ...asking, data, rest, ...(budget ? [budget] : []), escalation];
  const why = wanting.map(({ text }) => text).join(' ');
  const decided = (verdict: Evaluation['verdict'], summary: string, alert: DecisionAlert | null = null) => ({
    verdict,
    summary,
    reasons,
    wanted,
    alert,
  });

  if (faults.active) {
    const held = wanting.length === 0 ? '' : ` It would have trained: ${lower(why)}`;
    const summary = `Keep the model, and look at the data, which are at fault since ${faults.active.since}: ${faults.active.text}.${held}`;
    return decided('alert', summary, {
      key: `data/${faults.active.since}`,
      severity: 'warning',
      message: `The data of ${policy.pipeline} are at fault since ${faults.active.since}: ${faults.active.text}. Nothing is trained on them.`,
    });
  }
  if (wanting.length === 0)
    return decided('keep', `Keep the model: no rule asks for training${newDataWords(policy, inputs, asking)}.`);
  if (rest.fired) return decided('keep', `Keep the model although ${lower(why)} ${rest.text}`);
  if (escalation.fired)
    return decided('escalate', `People decide: ${lower(why)} ${escalation.text}`, {
      key: `escalation/${lastTrained(inputs)}`,
      severity: 'critical',
      message: `${policy.model}: ${why} ${escalation.text} Look at what the challengers lack, then override the decision.`,
    });
  const isUrgent = kpis.some(({ fired }) => fired);
  if (budget?.fired) {
    if (!isUrgent) return decided('keep', `Keep the model although ${lower(why)} ${budget.text}`);
    return decided('escalate', `People decide: ${lower(why)} ${budget.text}`, {
      key: `budget/${inputs.at.toISOString().slice(0, 7)}`,
      severity: 'critical',
      message: `${policy.model}: ${why} ${budget.text} Override the decision, or raise the budget of the policy "${policy.id}".`,
    });
  }
  const onlyDrift = wanted.every((rule) => rule === 'drift');
  return onlyDrift
    ? decided('challenger', `Train a challenger, which does not promote itself: ${why}`)
    : decided('retrain', `Train again: ${why}`);
}

function dataReading({ active, byDay }: DataFaults): DecisionReason {
  return {
    rule: 'data',
    fired: active !== null,
    text: active ? `The data are at fault since ${active.since}: ${active.text}.` : 'The data are sound.',
    value: byDay.size,
    threshold: null,
  };
}

function kpiContext(policy: FilledPolicy, { day, state }: RetrainingInputs, faults: DataFaults) {
  const { lagDays, staleDays } = policy.data;
  const promoted = state.trainings.find(({ promotedAt }) => promotedAt !== null)?.promotedAt;
  return {
    day: dayNumber(day),
    isSound(at: number): boolean {
      // A figure of a day judges what came in up to the day before.
      if (at > faults.unknownFrom) return false;
      for (let back = 0; back <= lagDays; back++) if (faults.byDay.has(at - back)) return false;
      return true;
    },
    servedFrom: promoted ? dayNumber(promoted) + lagDays : Number.NEGATIVE_INFINITY,
    trainings: state.trainings,
    staleDays,
  };
}

function newDataWords(policy: FilledPolicy, inputs: RetrainingInputs, asking: readonly DecisionReason[]): string {
  const reading = asking.find(({ rule }) => rule === 'new-data');
  const last = lastLearned(inputs.state.trainings);
  if (reading?.value == null || last === null) return '';
  const days = dayNumber(inputs.day) - dayNumber(last.dataEnd as string);
  return ` (${percent(reading.value)} new rows in ${count(days, 'day')}, ${policy.kpis.length === 0 ? 'no key figures are watched' : 'the key figures are as expected or too few'})`;
}

function lastTrained({ state }: RetrainingInputs): string {
  return state.trainings[0]?.at ?? 'never';
}
