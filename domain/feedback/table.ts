import { PerennialError } from '../../contracts/errors.ts';
import type { RowFault } from '../../contracts/feedback.ts';
import { readDelimited } from '../nlp/formats/delimited.ts';
import type { Bytes } from '../nlp/formats/index.ts';
import type { SentCorrection } from './correction.ts';

/** Columns of a file of corrections: which answer or text, and how it should be translated. */
export const correctionColumns = [
  'request_id',
  'index',
  'correction',
  'source',
  'source_language',
  'target_language',
  'memory',
  'context',
  'domain',
  'reason',
] as const;
type Column = (typeof correctionColumns)[number];

export type CorrectionRow = { readonly row: number } & (
  | { readonly sent: SentCorrection }
  | { readonly fault: RowFault }
);

/**
 * Reads corrections of a CSV or TSV file with a header of {@link correctionColumns}, some rows at a time.
 *
 * @throws SOURCE_INVALID for a file without the header, or whose header has neither request_id nor source.
 */
export async function* readCorrections(
  bytes: Bytes,
  options: { readonly delimiter?: string | undefined; readonly encoding?: string | undefined } = {},
): AsyncGenerator<CorrectionRow[]> {
  let places: Map<Column, number> | undefined;
  for await (const rows of readDelimited(bytes, { ...options, header: correctionColumns })) {
    const read: CorrectionRow[] = [];
    for (const row of rows) {
      if ('reason' in row) {
        const { line, reason } = row;
        read.push({ row: line, fault: { row: line, field: '', value: '', message: reason } });
      } else if (places === undefined) places = placesOf(row.fields);
      else read.push(readRow(row.line, row.fields, places));
    }
    yield read;
  }
  if (places === undefined) throw headerFault([]);
}

function placesOf(fields: readonly string[]): Map<Column, number> {
  const places = new Map<Column, number>();
  for (const [i, field] of fields.entries()) {
    const name = field
      .replace(/^\ufeff/, '')
      .trim()
      .toLowerCase();
    const column = correctionColumns.find((known) => known === name);
    if (column !== undefined && !places.has(column)) places.set(column, i);
  }
  if (places.has('correction') && (places.has('request_id') || places.has('source'))) return places;
  throw headerFault(fields);
}

function headerFault(fields: readonly string[]): PerennialError {
  const found =
    fields.length === 0 ? 'It is empty.' : `Its first line has ${fields.slice(0, 20).join(', ').slice(0, 500)}.`;
  return new PerennialError('SOURCE_INVALID', `The file has no header of corrections. ${found}`, {
    remedy: `The first line must name the columns: correction, and request_id (with index) or source; of ${correctionColumns.join(', ')}.`,
  });
}

function readRow(line: number, fields: readonly string[], places: ReadonlyMap<Column, number>): CorrectionRow {
  const value = (column: Column): string | undefined => {
    const place = places.get(column);
    return (place === undefined ? undefined : fields[place]) || undefined;
  };
  const index = value('index');
  if (index !== undefined && !/^\s*\d{1,9}\s*$/.test(index))
    return faulty(line, 'index', index, 'must be the place of the text in the request, a whole number from 0');
  const correction = value('correction');
  if (correction === undefined) return faulty(line, 'correction', '', 'is empty');
  const requestId = value('request_id')?.trim();
  if (requestId !== undefined && requestId.length > 100)
    return faulty(line, 'request_id', requestId, 'is longer than 100 characters');
  return {
    row: line,
    sent: {
      requestId,
      index: index === undefined ? undefined : Number(index),
      target: correction,
      source: value('source'),
      sourceLanguage: value('source_language')?.trim(),
      targetLanguage: value('target_language')?.trim(),
      memory: value('memory')?.trim(),
      context: value('context'),
      domain: value('domain'),
      reason: value('reason'),
    },
  };
}

function faulty(row: number, field: Column, value: string, message: string): CorrectionRow {
  return { row, fault: { row, field, value: value.slice(0, 200), message } };
}
