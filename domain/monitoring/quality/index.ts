export { checkFreshness, checkVolume, type DayVolume } from './arrivals.ts';
export { checkQuality, type QualityOptions } from './check.ts';
export type { QualityCheck, QualityFinding } from './finding.ts';
