export {
  estimatePerformance,
  type LabelledRows,
  measurePerformance,
  type PerformanceEstimate,
} from './estimate.ts';
export type { Performance } from './performance.ts';
