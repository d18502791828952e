export { offerCalibration } from './calibration.ts';
export { writeOutcomeFigures } from './figures.ts';
export { outcomeQuality } from './quality.ts';
export { newOutcome, newOutcomes } from './receive.ts';
