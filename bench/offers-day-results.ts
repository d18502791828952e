import { readFile, rename, writeFile } from 'node:fs/promises';
import { rounded } from './figures.ts';

/** One size, measured. */
export interface OffersDay {
  readonly customers: number;
  readonly products: number;
  readonly days: number;
  /** Parameters of the runs. */
  readonly params: Readonly<Record<string, string>>;
  readonly rows: number;
  /** Seconds to generate the wholesaler, in this process. */
  readonly generate_s: number;
  /** The whole day on an empty installation: all sales into the lake, tables, training, lists, figures. */
  readonly day_s: number;
  /** The same day again, nothing changed. */
  readonly repeat_s: number;
  /** The day again, after the sales of one of its days have changed, with the model it has. */
  readonly changed_s: number;
  /** Files that were read again for it. */
  readonly changed_files: number;
  /** All processes together, servers included, and the largest one. */
  readonly peak_mib: number;
  readonly peak_process_mib: number;
  /** On disk: the generated files, the installation after all runs, and the most at one time beside the generated files. */
  readonly source_mib: number;
  readonly home_mib: number;
  readonly peak_disk_mib: number;
  /** Of each step of the first day, of a mapped one from its first item to its last: seconds, and most memory of all processes. */
  readonly steps_s: Readonly<Record<string, number>>;
  readonly steps_mib: Readonly<Record<string, number>>;
}

/** How figures grow with the rows: 1 is linear; NaN of a single size. */
export interface Growth {
  readonly time_exponent: number;
  readonly memory_exponent: number;
  /** By step, of those that take at least a second of the smallest and ten of the largest size. */
  readonly steps: Readonly<Record<string, number>>;
}

/** Growth from the smallest to the largest size. */
export function growthOf(days: readonly OffersDay[]): Growth {
  const sorted = days.toSorted((a, b) => a.rows - b.rows);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last || last.rows === first.rows)
    return { time_exponent: Number.NaN, memory_exponent: Number.NaN, steps: {} };
  const exponent = (from: number, to: number) => rounded(Math.log(to / from) / Math.log(last.rows / first.rows), 3);
  const long = Object.entries(last.steps_s).filter(([step, s]) => s >= 10 && (first.steps_s[step] ?? 0) >= 1);
  return {
    time_exponent: exponent(first.day_s, last.day_s),
    memory_exponent: exponent(first.peak_mib, last.peak_mib),
    steps: Object.fromEntries(long.map(([step, s]) => [step, exponent(first.steps_s[step]!, s)])),
  };
}

/** Figures as lines of a table, a column for each size, the steps that take longest at the largest size first. */
export function tableOf(days: readonly OffersDay[]): string[] {
  const sorted = days.toSorted((a, b) => a.rows - b.rows);
  const [width, cell] = [22, 16];
  const row = (name: string, of: (day: OffersDay) => string) =>
    name.padEnd(width) + sorted.map((day) => of(day).padStart(cell)).join('');
  const whole = (value: number) => Math.round(value).toLocaleString('en');
  const longest = Object.entries(sorted.at(-1)?.steps_s ?? {}).sort(([, a], [, b]) => b - a);
  return [
    row('customers', (day) => whole(day.customers)),
    row('rows', (day) => whole(day.rows)),
    row('generated, s', (day) => whole(day.generate_s)),
    row('day, s', (day) => day.day_s.toFixed(1)),
    row('again, s', (day) => day.repeat_s.toFixed(1)),
    row('one day changed, s', (day) => day.changed_s.toFixed(1)),
    row('peak memory, MiB', (day) => whole(day.peak_mib)),
    row('largest process, MiB', (day) => whole(day.peak_process_mib)),
    row('source, MiB', (day) => whole(day.source_mib)),
    row('installation, MiB', (day) => whole(day.home_mib)),
    row('peak disk, MiB', (day) => whole(day.peak_disk_mib)),
    'seconds (MiB at most) of the steps',
    ...longest.map(([step]) =>
      row(step, ({ steps_s, steps_mib }) =>
        steps_s[step] === undefined ? '-' : `${steps_s[step].toFixed(1)} (${steps_mib[step] ?? '-'})`,
      ),
    ),
  ];
}

/**
 * Puts a size among those of a file, in place of an earlier measurement of the same; makes the file if needed.
 *
 * @returns the sizes of the file that were measured alike but for the customers.
 */
export async function keepResult(file: string, day: OffersDay): Promise<OffersDay[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  const alike = ({ products, days, params }: OffersDay) => JSON.stringify([products, days, params]);
  const others = (JSON.parse(text) as OffersDay[]).filter(
    (other) => other.customers !== day.customers || alike(other) !== alike(day),
  );
  const kept = [...others, day].sort((a, b) => a.rows - b.rows);
  await writeFile(`${file}.part`, `${JSON.stringify(kept, null, 2)}\n`);
  await rename(`${file}.part`, file);
  return kept.filter((other) => alike(other) === alike(day));
}
