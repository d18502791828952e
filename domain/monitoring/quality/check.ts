import { outOfRange } from '../../boosting/faults.ts';
import { checkFrame, type Frame, groupUnits, type ReferenceProfile } from '../reference/index.ts';
import { type ColumnContext, checkCategories, checkConstant, checkMissing, checkRange } from './columns.ts';
import type { QualityFinding } from './finding.ts';
import { checkSchema } from './schema.ts';

export interface QualityOptions {
  /** Most chance of any finding by column where nothing has changed, over all columns; default 0.01. */
  readonly level?: number;
  /** By column, what a value must never be below or above. */
  readonly limits?: Readonly<Record<string, { readonly min?: number; readonly max?: number }>>;
}

/** Checks of a column that count towards the level: missing values, and range or new categories. */
const checksOfColumn = 2;

/**
 * Checks the columns of a window against the training data: that they are there, of their type, filled as they were, within
 * their range and of known categories. Each chance is bounded for units (see {@link Frame.units}), so that an invoice of
 * many rows counts once, and divided among columns (Bonferroni).
 *
 * @returns what is wrong, errors first; empty when nothing is.
 * @throws DATA_MISSING without rows, PARAMETER_INVALID when columns have different lengths or for a level out of range.
 */
export function checkQuality(
  profile: ReferenceProfile,
  window: Frame,
  { level = 0.01, limits = {} }: QualityOptions = {},
): QualityFinding[] {
  if (!(level > 0 && level < 1)) throw outOfRange('level', level, 'is not between 0 and 1');
  checkFrame(window, 'window');
  const schema = checkSchema(profile, window);
  const names = Object.keys(profile.columns);
  const common = {
    referenceRows: profile.rows,
    rows: window.rows,
    units: effectiveUnits(window),
    level: level / (checksOfColumn * names.length),
  };
  const found = names.flatMap((name): QualityFinding[] => {
    const [reference, column] = [profile.columns[name]!, window.columns[name]];
    if (!column || schema.some((finding) => finding.column === name)) return [];
    const context: ColumnContext = { ...common, name, limits: limits[name] };
    const missing = checkMissing(column, reference, context);
    if (column.type === 'numeric' && reference.type === 'numeric')
      return [...missing, ...checkRange(column, reference, context), ...checkConstant(column, reference, context)];
    if (column.type === 'category' && reference.type === 'category')
      return [...missing, ...checkCategories(column, reference, context)];
    return missing;
  });
  const all = [...schema, ...found];
  return [...all.filter((one) => one.severity === 'error'), ...all.filter((one) => one.severity === 'warning')];
}

/** Units of equal size that would tell as much: (Σ rows)² / Σ rows² (Kish 1965). */
function effectiveUnits(window: Frame): number {
  const { start } = groupUnits(window);
  let squares = 0;
  for (let unit = 1; unit < start.length; unit++) squares += (start[unit]! - start[unit - 1]!) ** 2;
  return window.rows ** 2 / squares;
}
