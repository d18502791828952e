export { type DriftOptions, detectDrift } from './detect.ts';
export type { DriftReport } from './report.ts';
