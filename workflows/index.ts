export { dagRun } from './dag-run.ts';
