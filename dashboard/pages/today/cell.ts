import { cellStatuses, type PartitionMatrix } from '../../../contracts/overview.ts';
import type { MatrixCell } from '../../charts/matrix.tsx';
import { plural } from '../../format/number.ts';
import { lookOf } from '../../ui/status.tsx';

/** What the cell at a place of the matrix's columns shows. */
export function cellOf(matrix: PartitionMatrix, place: number): MatrixCell | null {
  const status = matrix.status[place];
  if (status == null) return null;
  const look = lookOf(cellStatuses[status] ?? 'queued');
  const unusual = unusualOf(matrix, place);
  const version = matrix.version[place];
  return {
    tone: look.tone,
    words: [look.word, ...unusual, ...(version == null ? [] : [`model version ${version}`])].join(', '),
    flagged: unusual.length > 0,
  };
}

/** What besides the state is unusual about a partition, in words. */
export function unusualOf({ fresh, quality, drift, figures }: PartitionMatrix, place: number): string[] {
  return [
    fresh[place] === 0 ? 'data were not fresh' : '',
    quality[place] ? plural(quality[place], 'alarm of data quality', 'alarms of data quality') : '',
    drift[place] ? plural(drift[place], 'alarm of drift', 'alarms of drift') : '',
    figures[place] ? plural(figures[place], 'unusual key figure') : '',
  ].filter(Boolean);
}
