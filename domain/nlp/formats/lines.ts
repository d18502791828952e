import { decode } from './decode.ts';
import { type Bytes, limits, type RowFault } from './rows.ts';

/** A line of a file without its end; `number` counts from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** The lines of a file, ended by LF, CRLF or CR. A line longer than a record may be is a fault, and skipped. */
export async function* readLines(bytes: Bytes, encoding?: string): AsyncGenerator<Line[] | RowFault> {
  let number = 1;
  let rest = '';
  let skipping = false;
  for await (const piece of decode(bytes, encoding)) {
    if (!('text' in piece)) {
      yield piece;
      continue;
    }
    // The CR at the end of a piece may be half of a CRLF.
    const text = rest + piece.text;
    const lines: Line[] = [];
    let at = 0;
    for (let i = rest.length > 0 ? Math.max(rest.length - 1, 0) : 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code !== 10 && code !== 13) continue;
      if (code === 13 && i === text.length - 1) break;
      if (!skipping) lines.push({ number, text: text.slice(at, i) });
      skipping = false;
      number += 1;
      if (code === 13 && text.charCodeAt(i + 1) === 10) i += 1;
      at = i + 1;
    }
    rest = text.slice(at);
    if (lines.length > 0) yield lines;
    if (rest.length > limits.record) {
      if (!skipping) yield { line: number, reason: `the line has more than ${limits.record} characters` };
      skipping = true;
      rest = rest.endsWith('\r') ? '\r' : '';
    }
  }
  if (rest !== '' && !skipping) yield [{ number, text: rest.replace(/\r$/, '') }];
}
