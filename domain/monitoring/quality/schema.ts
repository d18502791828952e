import type { Column, Frame, ReferenceProfile } from '../reference/index.ts';
import type { QualityFinding } from './finding.ts';

const describe = (column: Pick<Column, 'type'> & { width?: number }): string =>
  column.type === 'embedding' ? `embedding of ${column.width}` : column.type;

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
    if (!column) return [finding(name, 'error', `${name}: the column is missing; it was ${describe(summary)}.`)];
    return describe(column) === describe(summary)
      ? []
      : [finding(name, 'error', `${name}: the column is ${describe(column)}; it was ${describe(summary)}.`)];
  });
  const more = Object.keys(columns).filter((name) => !(name in reference));
  return [
    ...wrong,
    ...more.map((name) => finding(name, 'warning', `${name}: the training data have no such column; it is not used.`)),
  ];
}
