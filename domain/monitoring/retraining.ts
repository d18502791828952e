import type { DecisionReason, RetrainingDecision } from '../../contracts/decisions.ts';

/** Thresholds of the policy; shares are 0..1. */
export interface RetrainingPolicy {
  readonly name: string;
  readonly version: string;
  /** Least age of the champion before new data alone count. */
  readonly minAgeDays: number;
  /** New labelled rows since the champion's training, as a share of those it learned from. */
  readonly newDataShare: number;
  /** Standard deviations a watched figure may fall below its mean. */
  readonly sigmas: number;
  /** Windows in a row a figure must be low. */
  readonly windows: number;
  /** Values of a figure needed before its spread means anything. */
  readonly minHistory: number;
  /** Hours after a training in which none is asked for. */
  readonly coolDownHours: number;
}

/** Weekly given enough new data; a figure beyond 3 σ in two windows; a day of rest after each training. */
export const defaultPolicy: RetrainingPolicy = {
  name: 'default',
  version: '1',
  minAgeDays: 7,
  newDataShare: 0.05,
  sigmas: 3,
  windows: 2,
  minHistory: 8,
  coolDownHours: 24,
};

export interface RetrainingInputs {
  readonly trainedNow: boolean;
  /** Days from the end of the champion's data to `asOf`. */
  readonly ageDays: number;
  readonly rowsThen: number;
  readonly rowsNow: number;
  /** Hours since the champion was made. */
  readonly hoursSinceTraining: number;
  /** The watched figure, newest first. Low is bad. */
  readonly figure: { readonly name: string; readonly values: readonly number[] };
}

type Verdict = Pick<RetrainingDecision, 'verdict' | 'summary' | 'reasons'>;

/**
 * Decides whether a model should be trained again, with the reason for each rule, fired or not. A rule of control charts
 * (Shewhart 1931) for the figure: `windows` values in a row below mean − `sigmas` · s of the values before them.
 */
export function decideRetraining(inputs: RetrainingInputs, policy: RetrainingPolicy = defaultPolicy): Verdict {
  const share = inputs.rowsThen === 0 ? 0 : (inputs.rowsNow - inputs.rowsThen) / inputs.rowsThen;
  const newData: DecisionReason = {
    rule: 'new-data',
    fired: inputs.ageDays >= policy.minAgeDays && share >= policy.newDataShare,
    text: `${percent(share)} new rows came in the ${count(inputs.ageDays, 'day')} since the model's data end; ${percent(policy.newDataShare)} after ${policy.minAgeDays} days or more ask for training.`,
    value: share,
    threshold: policy.newDataShare,
  };
  const figure = figureRule(inputs.figure, policy);
  const resting = inputs.trainedNow || inputs.hoursSinceTraining < policy.coolDownHours;
  const coolDown: DecisionReason = {
    rule: 'cool-down',
    fired: resting,
    text: inputs.trainedNow
      ? 'This run has trained the model.'
      : `The model was made ${count(Math.floor(inputs.hoursSinceTraining), 'hour')} ago; within ${policy.coolDownHours} hours none is trained again.`,
    value: inputs.hoursSinceTraining,
    threshold: policy.coolDownHours,
  };
  const wanting = [newData, figure].filter((reason) => reason.fired);
  const retrain = wanting.length > 0 && !resting;
  const why = wanting.map((reason) => reason.text).join(' ');
  return {
    verdict: retrain ? 'retrain' : 'keep',
    summary: retrain
      ? `Train again with the next run: ${why}`
      : wanting.length > 0
        ? `Keep the model although ${lower(why)} ${coolDown.text}`
        : inputs.trainedNow
          ? `Keep the model: it was trained in this run, and nothing speaks against it.`
          : `Keep the model: no rule asks for training (${percent(share)} new rows in ${count(inputs.ageDays, 'day')}).`,
    reasons: [newData, figure, coolDown],
  };
}

function figureRule({ name, values }: RetrainingInputs['figure'], policy: RetrainingPolicy): DecisionReason {
  const recent = values.slice(0, policy.windows);
  const history = values.slice(policy.windows);
  if (recent.length < policy.windows || history.length < policy.minHistory) {
    return {
      rule: 'figure',
      fired: false,
      text: `${name} has been measured ${count(values.length, 'time')}; ${policy.windows + policy.minHistory} are needed before a fall can be told from chance.`,
      value: values[0] ?? null,
      threshold: null,
    };
  }
  const mean = history.reduce((sum, v) => sum + v, 0) / history.length;
  const spread = Math.sqrt(history.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (history.length - 1));
  const floor = mean - policy.sigmas * spread;
  const fired = recent.every((value) => value < floor);
  return {
    rule: 'figure',
    fired,
    text: `${name} is ${recent.map((v) => v.toFixed(3)).join(', ')} in the last ${policy.windows} windows; its floor is ${floor.toFixed(3)} (mean ${mean.toFixed(3)}, ${policy.sigmas} σ).`,
    value: recent[0] ?? null,
    threshold: floor,
  };
}

function count(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? '' : 's'}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
