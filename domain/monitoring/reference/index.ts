export { decodeProfile, encodeProfile } from './codec.ts';
export {
  type CategoryColumn,
  type Column,
  categories,
  checkFrame,
  type EmbeddingColumn,
  type Frame,
  isMissing,
  type NumericColumn,
  rowsOf,
  takeRows,
  unitsOf,
} from './frame.ts';
export {
  groupUnits,
  otherLabel,
  type ProfileOptions,
  profileOf,
  type ReferenceProfile,
  sampleUnits,
  withKnown,
} from './profile.ts';
export { type CategorySummary, type ColumnSummary, type NumericSummary, quantileShares } from './summary.ts';
