export { backfill } from './backfill.ts';
export { dagRun } from './dag-run.ts';
export { scheduledRun } from './scheduled-run.ts';
