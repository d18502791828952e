import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { outputOf, type RunDetail } from '../cli/runs.ts';
import { generateDemo } from '../pipelines/offers/demo/index.ts';
import { rounded, seconds } from './figures.ts';
import { type Growth, growthOf, keepResult, type OffersDay, tableOf } from './offers-day-results.ts';
import { peakOf, type Use, watchUse } from './process-memory.ts';

export interface OffersDayOptions {
  /** Sizes, ascending. */
  readonly customers: readonly number[];
  readonly products: number;
  readonly days: number;
  /** Parameters of the runs, such as `{ ranker: 'closed-form' }`. */
  readonly params: Readonly<Record<string, string>>;
  /** JSON file that keeps what was measured: sizes of earlier calls are compared too. */
  readonly results?: string | undefined;
  /** The `perennial` command. */
  readonly command: string;
}

/**
 * Whole days of generated wholesalers, each on an installation of its own below the folder for temporary files, by the command
 * that users call. Everything is removed after a size.
 *
 * @throws when a run does not succeed, with what it printed; sizes measured before are kept in `results`.
 */
export async function benchOffersDay(
  { results, ...options }: OffersDayOptions,
  report: (line: string) => void,
): Promise<{ readonly days: readonly OffersDay[] } & Growth> {
  let days: OffersDay[] = [];
  for (const customers of options.customers) {
    const day = await measureDay(customers, options, report);
    days = results === undefined ? [...days, day] : await keepResult(results, day);
    for (const line of tableOf(days)) report(line);
  }
  return { days, ...growthOf(days) };
}

async function measureDay(
  customers: number,
  { products, days, params, command }: Omit<OffersDayOptions, 'results'>,
  report: (line: string) => void,
): Promise<OffersDay> {
  const folder = await mkdtemp(join(tmpdir(), 'perennial-day-'));
  // Started by root, PostgreSQL runs as a user of its own, who has to get to its folder.
  await chmod(folder, 0o711);
  try {
    const wanted = { customers, products, days, out: join(folder, 'demo') };
    let demo: Awaited<ReturnType<typeof generateDemo>> | undefined;
    const generated = await seconds(async () => (demo = await generateDemo(wanted)));
    const { rows, sales, lastDate } = demo!;
    report(
      `${rows.toLocaleString('en')} rows of ${customers.toLocaleString('en')} customers are generated, ${Math.round(rows / generated).toLocaleString('en')} a second`,
    );
    const home = join(folder, 'home');
    const run = (more: Record<string, string>) => runOffers(command, home, { source: sales, ...params, ...more });
    const first = await run({ train: 'always' });
    report(`the day: ${shown(first)}`);
    const repeat = await run({ train: 'never' });
    report(`again: ${shown(repeat)}`);
    await dropLastLine(join(sales, `${lastDate}.csv.gz`));
    const changed = await run({ train: 'never' });
    report(`one day changed: ${shown(changed)}`);
    const ingest = outputOf(changed.run, 'ingest') as unknown as { files: number; unchanged?: number };
    const seen = [first, repeat, changed].flatMap((one) => one.seen);
    return {
      customers,
      products,
      days,
      params,
      rows,
      generate_s: rounded(generated, 1),
      day_s: rounded(first.seconds, 1),
      repeat_s: rounded(repeat.seconds, 1),
      changed_s: rounded(changed.seconds, 1),
      changed_files: ingest.files - (ingest.unchanged ?? 0),
      peak_mib: peakOf(seen, 'together'),
      peak_process_mib: peakOf(seen, 'largest'),
      source_mib: await sizeMiB(sales),
      home_mib: await sizeMiB(home),
      peak_disk_mib: peakOf(seen, 'disk'),
      ...stepsOf(first),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface MeasuredRun {
  readonly run: RunDetail;
  /** From the start of the run to its end, without the start of the servers. */
  readonly seconds: number;
  readonly seen: readonly Use[];
}

async function runOffers(command: string, home: string, params: Record<string, string>): Promise<MeasuredRun> {
  const given = Object.entries(params).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
  const child = spawn(process.execPath, [command, 'run', 'offers', '--wait', '--json', ...given], {
    env: { ...process.env, PERENNIAL_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = watchUse(child.pid as number, tmpdir());
  let [out, errors] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (errors = (errors + data.toString()).slice(-4000)));
  const [code] = (await once(child, 'close')) as [number | null];
  const seen = end();
  if (code !== 0) throw new Error(`The run ended with ${code}: ${errors}${out.slice(-2000)}`);
  const run = JSON.parse(out) as RunDetail;
  return { run, seen, seconds: (Date.parse(run.finishedAt ?? '') - Date.parse(run.startedAt ?? '')) / 1000 };
}

function stepsOf({ run, seen }: MeasuredRun): Pick<OffersDay, 'steps_s' | 'steps_mib'> {
  const spans = new Map<string, { from: number; to: number }>();
  for (const { stepId, startedAt, finishedAt } of run.steps) {
    if (startedAt === null || finishedAt === null) continue;
    const [from, to] = [Date.parse(startedAt), Date.parse(finishedAt)];
    const known = spans.get(stepId) ?? { from, to };
    spans.set(stepId, { from: Math.min(known.from, from), to: Math.max(known.to, to) });
  }
  const all = [...spans];
  return {
    steps_s: Object.fromEntries(all.map(([step, { from, to }]) => [step, rounded((to - from) / 1000, 1)])),
    steps_mib: Object.fromEntries(all.map(([step, span]) => [step, peakOf(seen, 'together', span)])),
  };
}

function shown({ seconds, seen }: MeasuredRun): string {
  return `${seconds.toFixed(1)} s, at most ${peakOf(seen, 'together')} MiB (one process ${peakOf(seen, 'largest')} MiB)`;
}

async function sizeMiB(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return Math.round(bytes / 1024 ** 2);
}

async function dropLastLine(file: string): Promise<void> {
  const lines = gunzipSync(await readFile(file))
    .toString()
    .trimEnd()
    .split('\n');
  await writeFile(file, gzipSync(`${lines.slice(0, -1).join('\n')}\n`));
}
