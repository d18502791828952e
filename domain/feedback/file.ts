import { PerennialError } from '../../contracts/errors.ts';
import type { RowFault } from '../../contracts/feedback.ts';
import type { Bytes } from '../nlp/formats/index.ts';
import type { NewFeedback } from '../ports/feedback.ts';
import type { SentCorrection } from './correction.ts';
import type { Corrections } from './service.ts';
import { type correctionColumns, readCorrections } from './table.ts';

export interface CorrectionsReport {
  readonly rows: number;
  /** Rows that were taken, and those of them whose answers are known, or may still come. */
  readonly accepted: number;
  readonly joined: number;
  readonly waiting: number;
  /** Rows that could not be taken, and the first of their faults. */
  readonly refused: number;
  readonly faults: readonly RowFault[];
}

/** Faults that are listed. */
const mostFaults = 1_000;

/**
 * Takes the corrections of a CSV or TSV file, some hundred rows at a time; bad rows are left out and told. Sent again, after a break for example,
 * it changes nothing that is done.
 *
 * @throws SOURCE_INVALID for a file without the header.
 */
export async function receiveFile(
  corrections: Corrections,
  bytes: Bytes,
  {
    by,
    ...options
  }: { readonly by: string; readonly delimiter?: string | undefined; readonly encoding?: string | undefined },
): Promise<CorrectionsReport> {
  const counts = { rows: 0, accepted: 0, joined: 0, waiting: 0, refused: 0 };
  const faults: RowFault[] = [];
  const refuse = (fault: RowFault): void => {
    counts.refused++;
    if (faults.length < mostFaults) faults.push(fault);
  };
  for await (const rows of readCorrections(bytes, options)) {
    const checked: NewFeedback[] = [];
    for (const row of rows) {
      counts.rows++;
      if ('fault' in row) refuse(row.fault);
      else
        try {
          checked.push(await corrections.check(row.sent, by));
        } catch (error) {
          if (!(error instanceof PerennialError) || error.fault !== 'caller') throw error;
          refuse(rowFault(row.row, row.sent, error));
        }
    }
    for (const { status } of await corrections.receive(checked)) {
      counts.accepted++;
      if (status === 'joined') counts.joined++;
      if (status === 'waiting') counts.waiting++;
    }
  }
  return { ...counts, faults };
}

const columnOf: Readonly<Record<string, (typeof correctionColumns)[number]>> = {
  requestId: 'request_id',
  target: 'correction',
  sourceLanguage: 'source_language',
  targetLanguage: 'target_language',
};

function rowFault(row: number, sent: SentCorrection, error: PerennialError): RowFault {
  const [first] = error.fields ?? [];
  const field = first?.field ?? (error.code === 'NOT_FOUND' ? 'memory' : '');
  const value = String(first?.value ?? sent[field as keyof SentCorrection] ?? '').slice(0, 200);
  return { row, field: columnOf[field] ?? field, value, message: first?.message ?? error.message };
}
