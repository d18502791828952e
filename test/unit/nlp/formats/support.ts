import type { Read, RowFault } from '../../../../domain/nlp/formats/index.ts';

/** A file as it comes over a network: in chunks of that many bytes. */
export function* chunks(content: string | Uint8Array, size = 7): Generator<Uint8Array> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** All that a reader gives. */
export async function all<Row>(
  reads: AsyncIterable<readonly Read<Row>[]>,
): Promise<{ rows: Row[]; lines: number[]; faults: RowFault[] }> {
  const found: { rows: Row[]; lines: number[]; faults: RowFault[] } = { rows: [], lines: [], faults: [] };
  for await (const page of reads) {
    for (const read of page) {
      if ('reason' in read) found.faults.push(read);
      else {
        found.rows.push(read.row);
        found.lines.push(read.line);
      }
    }
  }
  return found;
}

/** What a writer writes. */
export async function written(parts: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of parts) text += part;
  return text;
}

export async function* pages<T>(items: readonly T[], size = 100): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
