export { type DriftOptions, detectDrift } from './detect.ts';
export type { StatisticName } from './evaluator.ts';
export { defaultFloors } from './floors.ts';
export type { ColumnDrift, DriftReport, DriftTest } from './report.ts';
