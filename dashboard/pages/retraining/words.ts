import type { DecisionReason, DecisionShown, DecisionVerdict, TrainingOutcome } from '../../../contracts/decisions.ts';
import { list, number, percent, plural } from '../../format/number.ts';

const week = 7 * 86_400_000;

/** What a verdict is called. */
export const verdictWords: Readonly<Record<DecisionVerdict, string>> = {
  retrain: 'Train again',
  challenger: 'Train a challenger',
  keep: 'Keep the model',
  alert: 'Data at fault',
  escalate: 'People decide',
};

export const outcomeWords: Readonly<Record<TrainingOutcome, string>> = {
  promoted: 'became the champion',
  rejected: 'was rejected',
  challenger: 'waits as a challenger',
  failed: 'failed',
};

/** The sentence over all decisions. @param decisions the newest; @param pending those with an override that waits. */
export function retrainingAnswer(decisions: readonly DecisionShown[], pending: number, now: number): string {
  const newest = decisions.filter(({ at }) => now - Date.parse(at) < week);
  const trained = new Set(
    newest.filter(({ links, effective }) => links.run !== null && effective !== 'keep').map(({ model }) => model),
  );
  const first =
    decisions.length === 0
      ? 'No decision has been made yet'
      : trained.size === 0
        ? 'No model was retrained this week'
        : `${plural(trained.size, 'model')} ${trained.size === 1 ? 'was' : 'were'} retrained this week (${list([...trained])})`;
  const wait =
    pending === 0
      ? 'no decision waits for approval'
      : `${plural(pending, 'decision')} ${pending === 1 ? 'waits' : 'wait'} for approval`;
  return `${first}; ${wait}.`;
}

/** What a rule is called: `kpi:realised_hit@France` is `realised_hit of France`. */
export function ruleName(rule: string): string {
  if (rule.startsWith('kpi:')) {
    const [name, market] = rule.slice(4).split('@');
    return market ? `${name} of ${market}` : (name ?? rule);
  }
  const names: Readonly<Record<string, string>> = {
    'new-data': 'new data',
    'cool-down': 'cool-down',
    data: 'faults of the data',
    drift: 'drift',
    age: 'age',
    budget: 'budget',
    escalation: 'escalation',
  };
  return names[rule] ?? rule;
}

/** Rules whose figures are shares. */
const shares = new Set(['new-data', 'drift']);

/** A figure of a rule, with its unit. */
export function figureText(rule: string, value: number | null): string {
  if (value === null) return '–';
  if (shares.has(rule)) return percent(value);
  const unit = ({ age: ' d', 'cool-down': ' h', budget: ' h' } as const)[rule as 'age'] ?? '';
  return `${number(value)}${unit}`;
}

/** The figures that decided, in a line: `6.4%, threshold 5%`. */
export function figuresOf({ rule, value, threshold }: DecisionReason): string {
  if (value === null) return '';
  return threshold === null
    ? figureText(rule, value)
    : `${figureText(rule, value)}, threshold ${figureText(rule, threshold)}`;
}

/** Those that fired first, in the order of the policy. */
export const firedFirst = (reasons: readonly DecisionReason[]): DecisionReason[] => [
  ...reasons.filter(({ fired }) => fired),
  ...reasons.filter(({ fired }) => !fired),
];
