import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DriftReport, detectDrift } from '../../domain/monitoring/drift/index.ts';
import {
  type Frame,
  groupUnits,
  profileOf,
  type ReferenceProfile,
  sampleUnits,
  takeRows,
} from '../../domain/monitoring/reference/index.ts';
import { Random } from '../../domain/nlp/random.ts';
import type { SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { median, rounded } from '../figures.ts';
import { checkPeer, type Peer } from '../peer.ts';
import { judgeByPeer, type PeerVerdicts } from './peer.ts';
import { type Kind, kinds, plant } from './plant.ts';
import { generatedWorld, retailWorld, type World } from './worlds.ts';

export interface DriftBenchOptions extends Peer {
  /** Folder of daily sales files in the columns of UCI Online Retail; without it, rows are generated. */
  readonly source?: string;
  /** Windows without change, and windows of each planted shift. */
  readonly windows: number;
  readonly planted: number;
  /** Rows of a window; of sales, which are whole invoices, about as many. Default {@link sizes}. */
  readonly rows?: number;
  /** Rows of the reference that are kept. */
  readonly reference?: number;
  readonly seed: number;
}

/** Shares of windows with an alarm. */
interface Rates {
  /** Windows in which nothing has changed. */
  readonly unchanged: number;
  /** Windows with a planted shift whose own column has an alarm. */
  readonly found: Readonly<Record<Kind, number>>;
}

interface PeerRates {
  /** Any column has drifted. */
  readonly any: RatesByKind;
  /** Half of the columns have drifted: what the peer calls a drift of the dataset. */
  readonly half: RatesByKind;
}
type RatesByKind = Readonly<Record<Kind | 'unchanged', number>>;

export interface DriftBench extends Rates {
  readonly table: string;
  readonly windows: number;
  readonly planted: number;
  readonly rows: number;
  readonly reference: number;
  readonly level: number;
  /** Unchanged windows with a corrected p-value of at most the level, whatever the effect. */
  readonly unchanged_without_floors: number;
  /** With floors, if rows that depend on each other were exchanged one by one; of `planted` windows, null where none do. */
  readonly unchanged_units_ignored: number | null;
  readonly columns: number;
  readonly s_per_window: number;
  readonly peer: string;
  readonly peer_rates: PeerRates;
  /** With so few rows of reference that the peer takes tests instead of distances. */
  readonly peer_rates_small: PeerRates;
  readonly peer_s_per_window: number;
}

/** Rows of a window and of the reference: of sales as many as a day has, since few invoices tell little. */
const sizes = { generated: { rows: 600, reference: 3000 }, retail: { rows: 1800, reference: 8000 } } as const;
const level = 0.05;

/**
 * False alarms of windows without change, and how many planted shifts of medium size are found, beside Evidently's default
 * rules on the same windows.
 *
 * @throws DATA_MISSING without the Python packages, with the command that installs them.
 */
export async function benchDrift(
  sql: SqlEngineFactory,
  options: DriftBenchOptions,
  report: (line: string) => void,
): Promise<DriftBench> {
  await checkPeer(options, ['evidently', 'pandas']);
  const folder = await mkdtemp(join(tmpdir(), 'perennial-drift-'));
  try {
    const usual = sizes[options.source === undefined ? 'generated' : 'retail'];
    const size = { rows: options.rows ?? usual.rows, reference: options.reference ?? usual.reference };
    const world =
      options.source === undefined
        ? generatedWorld(20 * size.reference, options.seed)
        : await retailWorld(sql, options.source);
    return await judgeWorld(world, { ...options, ...size }, folder, report);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function judgeWorld(
  world: World,
  options: DriftBenchOptions & { readonly rows: number; readonly reference: number },
  folder: string,
  report: (line: string) => void,
): Promise<DriftBench> {
  const random = new Random(options.seed + 1);
  const [past, present] = halves(world.frame, random);
  const profile = profileOf(past, { sampleRows: options.reference, seed: options.seed });
  const draw = () => sampleUnits(present, options.rows, random);
  const unchanged = Array.from({ length: options.windows }, draw);
  const seconds: number[] = [];
  const judged = async (window: Frame, against: ReferenceProfile = profile): Promise<DriftReport> => {
    const from = performance.now();
    const found = await detectDrift(against, window, { level, seed: options.seed + seconds.length });
    seconds.push((performance.now() - from) / 1000);
    return found;
  };
  const verdicts: DriftReport[] = [];
  for (const window of unchanged) verdicts.push(await judged(window));
  const share = (of: (one: DriftReport) => boolean, all: readonly DriftReport[]) =>
    rounded(all.filter(of).length / all.length, 4);
  const withoutFloors = ({ columns }: DriftReport) =>
    columns.some(({ tests }) => tests.some(({ adjustedP }) => adjustedP <= level + 1e-9));
  const alarm = (one: DriftReport) => one.alarm;
  report(
    `${world.name}: ${verdicts.filter(alarm).length} of ${unchanged.length} windows without change have an alarm, ${verdicts.filter(withoutFloors).length} without floors`,
  );
  let ignored: number | null = null;
  if (world.frame.units) {
    const { units: _, ...rest } = profile.sample;
    const alone: ReferenceProfile = { ...profile, sample: rest };
    const found: DriftReport[] = [];
    for (const { units: _own, ...window } of unchanged.slice(0, options.planted))
      found.push(await judged(window, alone));
    ignored = share(alarm, found);
    report(`${world.name}: ${ignored} of the first ${found.length} if each row stood for itself`);
  }
  const shifts: Partial<Record<Kind, Frame[]>> = {};
  const found: Partial<Record<Kind, number>> = {};
  for (const kind of kinds) {
    const own = Array.from({ length: options.planted }, () => plant(kind, world, profile.sample, draw(), random));
    const told: DriftReport[] = [];
    for (const window of own) told.push(await judged(window));
    shifts[kind] = own;
    found[kind] = share(({ columns }) => columns.some(({ column, alarm: on }) => on && column === world[kind]), told);
    const [example] = told.flatMap(({ columns }) => columns.filter(({ column }) => column === world[kind]));
    report(`${world.name}, ${kind}: found in ${found[kind]}; such as: ${example?.text}`);
  }
  const groups = { unchanged, ...(shifts as Record<Kind, Frame[]>) };
  const peer = await judgeByPeer(options, profile.sample, groups, join(folder, world.name));
  report(`${world.name}, ${peer.name}, any column: ${JSON.stringify(rates(peer.whole, peer.columns).any)}`);
  return {
    table: world.name,
    windows: options.windows,
    planted: options.planted,
    rows: options.rows,
    reference: options.reference,
    level,
    unchanged: share(alarm, verdicts),
    unchanged_without_floors: share(withoutFloors, verdicts),
    unchanged_units_ignored: ignored,
    found: found as Record<Kind, number>,
    columns: Object.keys(world.frame.columns).length,
    s_per_window: rounded(median(seconds), 3),
    peer: peer.name,
    peer_rates: rates(peer.whole, peer.columns),
    peer_rates_small: rates(peer.small, peer.columns),
    peer_s_per_window: rounded(peer.seconds, 3),
  };
}

function rates(drifted: PeerVerdicts['whole'], columns: number): PeerRates {
  const of = (least: number) =>
    Object.fromEntries(
      Object.entries(drifted).map(([group, counts]) => [
        group,
        rounded(counts.filter((count) => count >= least).length / counts.length, 4),
      ]),
    ) as RatesByKind;
  return { any: of(1), half: of(columns / 2) };
}

/** The units of a table in two parts by chance: what the reference is made of, and what windows are drawn from. */
function halves(frame: Frame, random: Random): [Frame, Frame] {
  const { start, members } = groupUnits(frame);
  const order = Int32Array.from({ length: start.length - 1 }, (_, unit) => unit);
  random.shuffle(order);
  const part = (from: number, to: number) =>
    takeRows(
      frame,
      Int32Array.from(
        Array.from(order.subarray(from, to)).flatMap((unit) => [...members.subarray(start[unit]!, start[unit + 1]!)]),
      ),
    );
  return [part(0, order.length >> 1), part(order.length >> 1, order.length)];
}
