import type { ModelVersion } from '../../../contracts/models.ts';
import { type DriftReport, detectDrift, neededUnits } from '../../../domain/monitoring/drift/index.ts';
import { checkQuality, type QualityFinding } from '../../../domain/monitoring/quality/index.ts';
import {
  countUnits,
  decodeProfile,
  type Frame,
  profileOf,
  type ReferenceProfile,
} from '../../../domain/monitoring/reference/index.ts';
import type { PartitionInfo } from '../../../domain/ports/lake.ts';
import type { SqlEngine } from '../../../domain/ports/sql-engine.ts';
import type { StepServices } from '../../../domain/ports/step-context.ts';
import { dateOf, dayNumber } from '../days.ts';
import type { PredictOutput } from '../outputs.ts';
import { firstLists, listsFrame } from './lists-frame.ts';
import { salesFrame } from './sales-frame.ts';
import { comparedDays } from './spans.ts';

/** What monitoring looks with. */
export interface Looking {
  readonly services: Pick<StepServices, 'lake' | 'sql' | 'artifacts' | 'predictions'>;
  /** Sales before this day are looked at; YYYY-MM-DD. */
  readonly asOf: string;
  /** Of the model that makes the lists. */
  readonly version: number;
  readonly model: ModelVersion | null;
  readonly signal: AbortSignal;
  readonly scratch: string;
  /** Chance of an alarm when nothing has changed, of each comparison. */
  readonly level: number;
}

export interface Compared {
  /** null when nothing could be compared. */
  readonly report: DriftReport | null;
  readonly findings: readonly QualityFinding[];
  /** Why something was not looked at. */
  readonly left: readonly string[];
}

/** Rows of the newest day whose quality is checked, at most. */
const mostChecked = 20_000;
const nothing = (...left: string[]): Compared => ({ report: null, findings: [], left });

/**
 * Compares the sales of the last week with those that a version was trained on, by whole days, and checks the newest day's
 * quality. Sales that the version has learned from are not compared: they are its reference.
 */
export async function compareSales(looking: Looking, sales: readonly PartitionInfo[]): Promise<Compared> {
  const { services, asOf, model, version } = looking;
  const file = model?.files.find(({ name }) => name === 'profile');
  if (!model || !file)
    return nothing(`Version ${version} keeps no profile of what it was trained on: sales are not compared with it.`);
  const profile = decodeProfile(await services.artifacts.getBytes(file));
  const from = dateOf(dayNumber(asOf) - comparedDays.window);
  const between = (first: string): PartitionInfo[] =>
    sales.filter(({ partition: { date = '' } }) => date >= first && date < asOf);
  return withEngine(looking, async (engine) => {
    const newest = await salesFrame(engine, between(dateOf(dayNumber(asOf) - 1)), {
      rowsPerDay: mostChecked,
      unit: 'invoice',
    });
    const findings = newest ? checkQuality(profile, newest) : [];
    const learned = String(model.lineage['asOf'] ?? '');
    if (from < learned)
      return {
        ...nothing(
          `Version ${version} has learned from sales before ${learned}: those from ${from} on are none to compare.`,
        ),
        findings,
      };
    const window = await salesFrame(engine, between(from), { rowsPerDay: comparedDays.rowsPerDay, unit: 'day' });
    if (!window) return { ...nothing(`There are no sales from ${from} on to compare.`), findings };
    return { ...(await drift(looking, profile, window, 'days')), findings };
  });
}

/** The lists of a run as a table; null without any. */
export async function listsOf(looking: Looking, lists: readonly PredictOutput[]): Promise<Frame | null> {
  const { artifacts } = looking.services;
  const files = await Promise.all(lists.map((list) => artifacts.getFile(list.lists)));
  return withEngine(looking, (engine) => listsFrame(engine, files));
}

/** Compares the lists of a run with the first ones that its version made. */
export async function compareLists(looking: Looking, now: Frame | null): Promise<Compared> {
  const { services, asOf, model, version } = looking;
  const since = String(model?.lineage['asOf'] ?? '');
  const first = await firstLists(services, { version, since, asOf });
  if (!first) return nothing(`These are the first lists of version ${version}: there are none to compare them with.`);
  const before = await withEngine(looking, (engine) => listsFrame(engine, first));
  if (!before || !now) return nothing('There are no lists to compare.');
  return drift(looking, profileOf(before, { sampleRows: before.rows }), now, 'customers');
}

async function drift(
  { level, signal, asOf }: Looking,
  profile: ReferenceProfile,
  window: Frame,
  units: string,
): Promise<Compared> {
  const needed = neededUnits(level);
  const there = countUnits(profile.sample);
  if (there < needed)
    return nothing(`The reference has ${there} ${units}; ${needed} are needed to tell drift from chance.`);
  const report = await detectDrift(profile, window, { level, signal, seed: dayNumber(asOf) });
  return { report, findings: [], left: report.notCompared.map(({ column, reason }) => `${column} ${reason}.`) };
}

async function withEngine<T>(
  { services, signal, scratch }: Looking,
  work: (engine: SqlEngine) => Promise<T>,
): Promise<T> {
  const engine = await services.sql.open({ signal, scratch, memoryMiB: 1024 });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}
