import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { outputOf, type RunDetail } from '../cli/runs.ts';
import { generateDemo } from '../pipelines/offers/demo/index.ts';
import { rounded } from './figures.ts';
import { type MemoryPeak, watchMemory } from './process-memory.ts';

export interface OffersDayOptions {
  /** Sizes, ascending. */
  readonly customers: readonly number[];
  readonly products: number;
  readonly days: number;
  /** Parameters of the runs, such as `{ ranker: 'closed-form' }`. */
  readonly params: Readonly<Record<string, string>>;
  /** The `perennial` command. */
  readonly command: string;
}

export interface OffersDay {
  readonly customers: number;
  readonly rows: number;
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
  /** Seconds of each step of the first day; of a mapped one from its first item to its last. */
  readonly steps_s: Readonly<Record<string, number>>;
}

/**
 * Whole days of generated wholesalers, each on an installation of its own, by the command that users call.
 *
 * @throws when a run does not succeed, with what it printed.
 */
export async function benchOffersDay(
  options: OffersDayOptions,
  report: (line: string) => void,
): Promise<{ readonly days: readonly OffersDay[]; readonly time_exponent: number; readonly memory_exponent: number }> {
  const days: OffersDay[] = [];
  for (const customers of options.customers) days.push(await measureDay(customers, options, report));
  const [first, last] = [days[0]!, days.at(-1)!];
  // 1 is linear.
  const exponent = (of: (day: OffersDay) => number) =>
    days.length < 2 ? Number.NaN : rounded(Math.log(of(last) / of(first)) / Math.log(last.rows / first.rows), 3);
  return {
    days,
    time_exponent: exponent((day) => day.day_s),
    memory_exponent: exponent((day) => day.peak_mib),
  };
}

async function measureDay(
  customers: number,
  { products, days, params, command }: OffersDayOptions,
  report: (line: string) => void,
): Promise<OffersDay> {
  const folder = await mkdtemp(join(tmpdir(), 'perennial-day-'));
  // Started by root, PostgreSQL runs as a user of its own, who has to get to its folder.
  await chmod(folder, 0o711);
  try {
    const demo = await generateDemo({ customers, products, days, out: join(folder, 'demo') });
    report(`${demo.rows.toLocaleString('en')} rows of ${customers.toLocaleString('en')} customers are generated`);
    const home = join(folder, 'home');
    const run = (more: Record<string, string>) => runOffers(command, home, { source: demo.sales, ...params, ...more });
    const first = await run({ train: 'always' });
    report(`the day: ${shown(first)}`);
    const repeat = await run({ train: 'never' });
    report(`again: ${shown(repeat)}`);
    await dropLastLine(join(demo.sales, `${demo.lastDate}.csv.gz`));
    const changed = await run({ train: 'never' });
    const read = (run: RunDetail) => outputOf(run, 'ingest') as unknown as { files: number; unchanged?: number };
    const ingest = read(changed.run);
    report(`one day changed: ${shown(changed)}`);
    const peaks = [first, repeat, changed].map(({ peak }) => peak);
    return {
      customers,
      rows: demo.rows,
      day_s: rounded(first.seconds, 1),
      repeat_s: rounded(repeat.seconds, 1),
      changed_s: rounded(changed.seconds, 1),
      changed_files: ingest.files - (ingest.unchanged ?? 0),
      peak_mib: Math.max(...peaks.map(({ together }) => together)),
      peak_process_mib: Math.max(...peaks.map(({ largest }) => largest)),
      steps_s: stepSeconds(first.run),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface MeasuredRun {
  readonly run: RunDetail;
  /** From the start of the run to its end, without the start of the servers. */
  readonly seconds: number;
  readonly peak: MemoryPeak;
}

async function runOffers(command: string, home: string, params: Record<string, string>): Promise<MeasuredRun> {
  const given = Object.entries(params).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
  const child = spawn(process.execPath, [command, 'run', 'offers', '--wait', '--json', ...given], {
    env: { ...process.env, PERENNIAL_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = watchMemory(child.pid as number);
  let [out, errors] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (errors = (errors + data.toString()).slice(-4000)));
  const [code] = (await once(child, 'close')) as [number | null];
  const peak = end();
  if (code !== 0) throw new Error(`The run ended with ${code}: ${errors}${out.slice(-2000)}`);
  const run = JSON.parse(out) as RunDetail;
  return { run, peak, seconds: (Date.parse(run.finishedAt ?? '') - Date.parse(run.startedAt ?? '')) / 1000 };
}

function stepSeconds(run: RunDetail): Record<string, number> {
  const spans = new Map<string, { from: number; to: number }>();
  for (const { stepId, startedAt, finishedAt } of run.steps) {
    if (startedAt === null || finishedAt === null) continue;
    const [from, to] = [Date.parse(startedAt), Date.parse(finishedAt)];
    const known = spans.get(stepId) ?? { from, to };
    spans.set(stepId, { from: Math.min(known.from, from), to: Math.max(known.to, to) });
  }
  return Object.fromEntries([...spans].map(([step, { from, to }]) => [step, rounded((to - from) / 1000, 1)]));
}

function shown({ seconds, peak }: MeasuredRun): string {
  return `${seconds.toFixed(1)} s, at most ${peak.together} MiB (one process ${peak.largest} MiB)`;
}

async function dropLastLine(file: string): Promise<void> {
  const lines = gunzipSync(await readFile(file))
    .toString()
    .trimEnd()
    .split('\n');
  await writeFile(file, gzipSync(`${lines.slice(0, -1).join('\n')}\n`));
}
