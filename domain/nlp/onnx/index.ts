export { mostPositions } from './encoder.ts';
export { exportGraph, type GraphKind } from './export.ts';
export type { Precision } from './layers.ts';
