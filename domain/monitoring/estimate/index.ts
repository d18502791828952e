export { estimatePerformance, measurePerformance } from './estimate.ts';
