export { type DriftOptions, detectDrift, neededUnits } from './detect.ts';
export type { DriftReport } from './report.ts';
