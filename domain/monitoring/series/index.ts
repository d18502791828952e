export { driftEvent } from './drift-event.ts';
export { countDrift, driftPoints, type NamedReport } from './drift-points.ts';
export { kpiPoints, normalBounds } from './kpi-points.ts';
export { estimatePoints, performancePoints } from './performance-points.ts';
export { qualityPoints } from './quality-points.ts';
export { dataFindings, driftHistory, isMeasured } from './readings.ts';
export { createDurationHandler } from './run-durations.ts';
export { type MonitoredWindow, pointOf } from './window.ts';
