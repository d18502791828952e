import { type Frame, type ReferenceProfile, typeText } from '../reference/index.ts';
import type { QualityFinding } from './finding.ts';

/** Columns that are not there, are of another type, or are there beyond those of the reference. */
export function checkSchema({ columns: reference }: ReferenceProfile, { columns }: Frame): QualityFinding[] {
  const finding = (column: string, severity: QualityFinding['severity'], text: string): QualityFinding => ({
    check: 'schema',
    column,
    severity,
    observed: null,
    expected: null,
    text,
  });
  const wrong = Object.entries(reference).flatMap(([name, summary]) => {
    const column = columns[name];
    if (!column) return [finding(name, 'error', `${name}: the column is missing; it was ${typeText(summary)}.`)];
    return typeText(column) === typeText(summary)
      ? []
      : [finding(name, 'error', `${name}: the column is ${typeText(column)}; it was ${typeText(summary)}.`)];
  });
  const more = Object.keys(columns).filter((name) => !(name in reference));
  return [
    ...wrong,
    ...more.map((name) => finding(name, 'warning', `${name}: the training data have no such column; it is not used.`)),
  ];
}
