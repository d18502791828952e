import type { RunStatus, Trigger } from '../../../contracts/runs.ts';
import type { Choice } from '../../ui/field.tsx';

/** Statuses of runs, those that want attention first. */
export const runStatusWords = [
  'failed',
  'running',
  'queued',
  'paused',
  'succeeded',
  'cancelled',
] as const satisfies readonly RunStatus[];

const triggers: Readonly<Record<Trigger['kind'], string>> = {
  schedule: 'Schedules',
  api: 'People and the API',
  cli: 'The command',
  rule: 'Rules',
  webhook: 'Webhooks',
  backfill: 'Backfills',
  rerun: 'Re-runs',
  decision: 'Retraining decisions',
};

/** What starts runs, to choose from. */
export const triggerWords: readonly Choice[] = Object.entries(triggers).map(([value, label]) => ({ value, label }));
