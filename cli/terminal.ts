import Table from 'cli-table3';
import { type ErrorInfo, toErrorInfo } from '../contracts/errors.ts';

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Terminal {
  /** Whether results are to be JSON. */
  readonly json: boolean;
  /** Whether someone watches: progress bars make sense. */
  readonly interactive: boolean;
  /** A line for people on the way; never part of a result. */
  note(line: string): void;
  /** The result: `data` as one JSON document with --json, else what `text` gives. */
  result(data: unknown, text: () => string): void;
  error(error: unknown): ErrorInfo;
}

export function createTerminal(json: boolean): Terminal {
  return {
    json,
    interactive: !json && process.stderr.isTTY === true,
    note: (line) => {
      process.stderr.write(`${line}\n`);
    },
    result: (data, text) => {
      process.stdout.write(`${json ? JSON.stringify(data) : text()}\n`);
    },
    error: (thrown) => {
      const info = toErrorInfo(thrown);
      if (json) process.stdout.write(`${JSON.stringify({ error: info })}\n`);
      else {
        process.stderr.write(`\n${info.message}\n`);
        if (info.remedy) process.stderr.write(`  What to do: ${info.remedy}\n`);
      }
      // A defect of ours: the place helps whoever reports it.
      if (info.code === 'INTERNAL' && thrown instanceof Error) process.stderr.write(`${thrown.stack}\n`);
      return info;
    },
  };
}

const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/**
 * Rows in aligned columns under their headings.
 *
 * @param options.empty what is said instead of no rows. Default: `None.`
 * @param options.right headings of columns that are aligned to the right.
 * @param options.widths widths of columns in characters; longer text goes on in the next line. Default: as wide as needed.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  {
    right = [],
    widths,
    empty = 'None.',
  }: { right?: readonly string[]; widths?: readonly number[]; empty?: string } = {},
): string {
  if (rows.length === 0) return empty;
  const out = new Table({
    ...(widths ? { colWidths: [...widths], wordWrap: true } : {}),
    head: [...head],
    colAligns: head.map((name) => (right.includes(name) ? 'right' : 'left')),
    chars: plain,
    style: { head: process.stdout.isTTY ? ['bold'] : [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  out.push(...rows.map((row) => row.map(String)));
  return out
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** 850 ms, 12.3 s, 4 min 05 s, 2 h 03 min. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const s = Math.round(ms / 1000);
  const pad = (n: number): string => String(n).padStart(2, '0');
  return s < 3600
    ? `${Math.floor(s / 60)} min ${pad(s % 60)} s`
    : `${Math.floor(s / 3600)} h ${pad(Math.floor((s % 3600) / 60))} min`;
}

/** A time as people read it, to the second, UTC. */
export function time(iso: string | null): string {
  return iso === null ? '' : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

/** A time as the clock of a zone shows it: `Tue 24 Nov 07:00`. */
export function localTime(zone: string, at: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(at));
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('weekday')} ${of('day')} ${of('month')} ${of('hour')}:${of('minute')}`;
}
