export { checkFreshness, checkVolume, type DayVolume } from './arrivals.ts';
export { checkQuality } from './check.ts';
export type { QualityFinding } from './finding.ts';
