import type { RuleDefinition } from '../../../../contracts/rules.ts';

/** A new rule: a run of a pipeline that failed raises an alert. */
export const newDraft = (pipeline: string): RuleDefinition => ({
  id: '',
  mode: 'any',
  patterns: [{ name: 'run', type: 'run.failed', ...(pipeline === '' ? {} : { source: `/pipelines/${pipeline}` }) }],
  actions: { onMatch: [{ alert: { severity: 'warning', message: 'The run {{ event.subject }} failed' } }] },
});

/** A draft without what was emptied, at any depth: the API takes an empty text for a value. */
export function toSend<T>(draft: T): T {
  if (Array.isArray(draft)) return draft.map(toSend) as T;
  if (typeof draft !== 'object' || draft === null) return draft;
  const entries = Object.entries(draft).map(([name, value]) => [name, toSend(value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== '' && value !== undefined)) as T;
}

/** A name for another pattern that no other has. */
export function freeName(taken: readonly string[]): string {
  for (let n = taken.length + 1; ; n++) if (!taken.includes(`event${n}`)) return `event${n}`;
}
