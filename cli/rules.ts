import type { EventRef, RuleActionRecord, RuleDefinition, RuleEvaluation, RuleGroup } from '../contracts/rules.ts';
import { table, time } from './terminal.ts';

/** When a rule acts, in a line. */
export function whenText({ mode, patterns, by, within, deadline }: RuleDefinition): string {
  const names = patterns.map(({ name, type, source }) => `${name} (${type}${source ? ` of ${source}` : ''})`);
  const due = deadline && ('at' in deadline ? `${deadline.at} ${deadline.zone ?? 'UTC'}` : deadline.after);
  const group = by === undefined ? '' : `, for each ${by}`;
  if (mode === 'absence') {
    const when = deadline && 'at' in deadline ? `by ${due}` : `for ${due}`;
    return `no ${names.join(' and ')} ${when}${group}`;
  }
  const span = within === undefined ? '' : ` within ${within}`;
  const late = due === undefined ? '' : `, else at ${due}${deadline && 'after' in deadline ? ' after the first' : ''}`;
  return `${names.join(mode === 'all' ? ' and ' : ' or ')}${span}${group}${late}`;
}

const signs = {
  fired: 'fired',
  deadline: 'deadline missed',
  waiting: 'waits',
  matched: 'all there',
  ignored: 'ignored',
  error: 'error',
};

/** `fired for DE: preprocess 2026-11-23 07:12 UTC ✓, …`, and a line for each action. */
export function evaluationText(
  evaluation: Pick<RuleEvaluation, 'at' | 'key' | 'outcome' | 'why' | 'actions' | 'event'>,
): string {
  const { at, key, outcome, why, actions, event } = evaluation;
  const about = event ? `    ${event.type} of ${event.source}${event.subject ? `, ${event.subject}` : ''}` : null;
  const first = `${time(at)}  ${signs[outcome]}${key === '' ? '' : ` for ${key}`}: ${why}`;
  return [first, ...(about && outcome !== 'fired' ? [about] : []), ...actions.map(actionText)].join('\n');
}

function actionText(action: RuleActionRecord): string {
  const fault = action.error ? `: ${action.error.message}` : '';
  if (action.kind === 'alert') return `    → ${action.severity} alert "${action.message}"`;
  const params = Object.entries(action.params).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
  const state = action.runId ? ` → run ${action.runId}` : action.status === 'done' ? '' : ` (${action.status}${fault})`;
  return `    → start ${action.pipeline}${params.join('')}${state}`;
}

/** What groups have and wait for. */
export function groupsText(groups: readonly RuleGroup[]): string {
  const is = (found: boolean) => (event: EventRef | null) => (event !== null) === found;
  const names = (events: RuleGroup['events'], wanted: (event: EventRef | null) => boolean): string =>
    Object.entries(events)
      .filter(([, event]) => wanted(event))
      .map(([name, event]) => (event ? `${name} ${time(event.time)} ✓` : name))
      .join(', ');
  return table(
    ['key', 'has', 'waits for', 'until', 'last fired'],
    groups.map(({ key, events, deadlineAt, lastFiredAt }) => [
      key || '(all)',
      names(events, is(true)),
      names(events, is(false)),
      time(deadlineAt),
      time(lastFiredAt),
    ]),
  );
}
