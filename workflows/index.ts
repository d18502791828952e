export { backfill } from './backfill.ts';
export { dagRun } from './dag-run.ts';
export { retrainingWatch } from './retraining-watch.ts';
export { rollout } from './rollout.ts';
export { scheduledRun } from './scheduled-run.ts';
