export { decodeProfile, encodeProfile } from './codec.ts';
export {
  type CategoryColumn,
  type Column,
  categories,
  checkFrame,
  countMissing,
  type EmbeddingColumn,
  type Frame,
  isMissing,
  type NumericColumn,
  takeRows,
  typeText,
  unitsOf,
} from './frame.ts';
export {
  countUnits,
  groupUnits,
  otherLabel,
  profileOf,
  type ReferenceProfile,
  sampleUnits,
  withKnown,
} from './profile.ts';
export type { CategorySummary, ColumnSummary, NumericSummary } from './summary.ts';
