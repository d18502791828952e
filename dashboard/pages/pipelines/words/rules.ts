import type {
  RuleAction,
  RuleDeadline,
  RuleDefinition,
  RuleEvaluation,
  RuleGroup,
  RuleOutcome,
  RulePattern,
} from '../../../../contracts/rules.ts';
import { list } from '../../../format/number.ts';
import type { Tone } from '../../../ui/tone.ts';
import { durationWords } from './durations.ts';

/** Which events a pattern means: `dataset.landed of /watches/sales, where event.data.size > 150000`. */
export function patternWords({ type, source, subject, where }: RulePattern): string {
  const of = source === undefined ? '' : ` of ${source}`;
  const about = subject === undefined ? '' : ` about ${subject}`;
  return `${type === '*' ? 'any event' : type}${of}${about}${where === undefined ? '' : `, where ${where}`}`;
}

/** `by 06:00 Europe/Berlin on MON and TUE`, or `within 6 h`. */
export function deadlineWords(deadline: RuleDeadline): string {
  if ('after' in deadline) return `within ${durationWords(deadline.after)}`;
  const { at, zone = 'UTC', days } = deadline;
  return `by ${at} ${zone}${days ? ` on ${list(days)}` : ''}`;
}

/** When a rule acts, in a sentence. */
export function ruleWords({ mode, patterns, by, within, deadline, cooldown }: RuleDefinition): string {
  const names = patterns.map(({ name }) => `“${name}”`);
  const each = by === undefined ? '' : `, for each ${by}`;
  const rest = cooldown === undefined ? '' : ` Then it rests for ${durationWords(cooldown)}.`;
  if (mode === 'any') return `Acts at every event that is ${names.join(' or ')}${each}.${rest}`;
  if (mode === 'absence') {
    if (!deadline) return `Acts when ${names.join(' or ')} does not come${each}.`;
    if ('after' in deadline)
      return `Acts when ${names.join(' or ')} has not come for ${durationWords(deadline.after)}${each}.${rest}`;
    const window = within === undefined ? '' : `; what came in the ${durationWords(within)} before counts`;
    const keys = deadline.keys ? ` Expected: ${list(deadline.keys)}.` : '';
    return `Acts when ${names.join(' or ')} has not come ${deadlineWords(deadline)}${each}${window}.${keys}${rest}`;
  }
  const span = within === undefined ? '' : `, at most ${durationWords(within)} apart`;
  const late = deadline
    ? ` What is missing ${'after' in deadline ? `${durationWords(deadline.after)} after the first` : deadlineWords(deadline)} counts as late.`
    : '';
  return `Acts when ${list(names)} ${names.length > 1 ? 'have all come' : 'has come'}${span}${each}.${late}${rest}`;
}

/** What an action does: `starts publish with market = key`. */
export function actionWords(action: RuleAction): string {
  if ('alert' in action) return `raises the alert (${action.alert.severity}) “${action.alert.message}”`;
  const params = Object.entries(action.start.params ?? {}).map(([name, value]) => `${name} = ${value}`);
  const given = params.length > 0 ? ` with ${list(params)}` : '';
  return `starts ${action.start.pipeline ?? 'its pipeline'}${given}`;
}

/** How an outcome looks, and the words before its reason. */
export const outcomeLooks: Readonly<Record<RuleOutcome, { tone: Tone; word: string; sentence: string }>> = {
  fired: { tone: 'ok', word: 'Fired', sentence: 'Fired' },
  deadline: { tone: 'late', word: 'Deadline passed', sentence: 'The deadline passed' },
  waiting: { tone: 'waiting', word: 'Waits', sentence: 'Did not fire yet' },
  matched: { tone: 'ok', word: 'All there', sentence: 'Nothing to do, all has come' },
  ignored: { tone: 'skipped', word: 'Did not count', sentence: 'Did not fire' },
  error: { tone: 'failed', word: 'Failed', sentence: 'Did not fire, because an expression could not be evaluated' },
};

/** Why a rule did or did not fire, in a sentence. */
export function evaluationWords({ outcome, key, why }: Pick<RuleEvaluation, 'outcome' | 'key' | 'why'>): string {
  const group = key === '' ? '' : ` for ${key}`;
  return `${outcomeLooks[outcome].sentence}${group}: ${why.replace(/\.$/, '')}.`;
}

/** Patterns that a group has no event of. */
export const missingOf = ({ events }: Pick<RuleGroup, 'events'>): string[] =>
  Object.entries(events)
    .filter(([, event]) => event === null)
    .map(([name]) => name);

/** Whether a group has some of its events and waits for others. */
export const isWaiting = (group: RuleGroup): boolean => {
  const missing = missingOf(group).length;
  return missing > 0 && missing < Object.keys(group.events).length;
};
