import type { RuleDefinition } from '../../../../contracts/rules.ts';
import { withoutEmpty } from '../parts/without-empty.ts';

/** A new rule: a run of a pipeline that failed raises an alert. */
export const newDraft = (pipeline: string): RuleDefinition => ({
  id: '',
  mode: 'any',
  patterns: [{ name: 'run', type: 'run.failed', ...(pipeline === '' ? {} : { source: `/pipelines/${pipeline}` }) }],
  actions: { onMatch: [{ alert: { severity: 'warning', message: 'The run {{ event.subject }} failed' } }] },
});

/** A draft {@link withoutEmpty}, at any depth. */
export function toSend<T>(draft: T): T {
  if (Array.isArray(draft)) return draft.map(toSend) as T;
  if (typeof draft !== 'object' || draft === null) return draft;
  return withoutEmpty(Object.fromEntries(Object.entries(draft).map(([name, value]) => [name, toSend(value)]))) as T;
}

/** A name for another pattern that no other has. */
export function freeName(taken: readonly string[]): string {
  for (let n = taken.length + 1; ; n++) if (!taken.includes(`event${n}`)) return `event${n}`;
}
