import type { RuleRecord } from '../../../../contracts/rules.ts';

/** Whether a rule has to do with a pipeline: stands in its code, starts it, or waits for its runs. */
export function concerns({ pipeline, definition }: RuleRecord, id: string): boolean {
  const { patterns, actions } = definition;
  const does = [...(actions.onMatch ?? []), ...(actions.onDeadline ?? [])];
  return (
    pipeline === id ||
    patterns.some(({ source }) => source === `/pipelines/${id}`) ||
    does.some((action) => 'start' in action && action.start.pipeline === id)
  );
}
