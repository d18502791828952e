export { checkFreshness, checkVolume } from './arrivals.ts';
export { checkQuality } from './check.ts';
