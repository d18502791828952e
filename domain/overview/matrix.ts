import { cellStatuses, type PartitionMatrix } from '../../contracts/overview.ts';
import type { OverviewFacts, PartitionCell } from '../ports/overview-facts.ts';
import { dayCells, keysOf } from './standing.ts';

/** Days of a pipeline by key. @param days one or more, each the one after the day before. */
export async function partitionMatrix(
  facts: Pick<OverviewFacts, 'cells' | 'parts' | 'alarms' | 'versions'>,
  { pipeline, days }: { readonly pipeline: string; readonly days: readonly string[] },
): Promise<PartitionMatrix> {
  const [from, to] = [days[0] ?? '', days.at(-1) ?? ''];
  const [cells, { alarms, looked }] = await Promise.all([
    facts.cells(pipeline, from, to),
    facts.alarms(pipeline, from, to),
  ]);
  const parts = await facts.parts(wholeRuns(cells));
  const known = keysOf(cells, parts);
  const keys = known.length > 0 ? known : cells.length > 0 ? [''] : [];
  const byDay = dayCells(cells, parts, known);
  const counts = new Map<string, number>();
  const count = (date: string, market: string, family: string): number =>
    counts.get(`${date} ${family} ${market}`) ?? 0;
  for (const { date, market, family, count: n, stale } of alarms) {
    counts.set(`${date} ${family} ${market}`, n);
    counts.set(`${date} stale ${market}`, count(date, market, 'stale') + stale);
  }
  const seen = new Set(looked.map(({ date, market }) => `${date} ${market}`));
  const places = new Map<string, number>();
  const placeOf = (runId: string): number => {
    const place = places.get(runId) ?? places.size;
    places.set(runId, place);
    return place;
  };
  const grid = keys.flatMap((key) =>
    days.map((date) => {
      const day = byDay.get(date);
      const cell = key === '' ? day?.whole : day?.keys.get(key);
      return { key, date, cell: cell ?? null };
    }),
  );
  const done = grid.filter(({ cell }) => cell?.status === 'succeeded');
  const made = await facts.versions(done.map(({ key, date }) => ({ market: key, date })));
  const versions = new Map(done.map(({ key, date }, n) => [`${date} ${key}`, made[n] ?? null]));
  const alarmsOf = (family: string): number[] => grid.map(({ key, date }) => count(date, key, family));
  return {
    pipeline,
    keys,
    days,
    run: grid.map(({ cell }) => cell && placeOf(cell.runId)),
    status: grid.map(({ cell }) => cell && cellStatuses.indexOf(cell.status)),
    fresh: grid.map(({ key, date }) => {
      if (count(date, key, 'stale') > 0) return 0;
      return seen.has(`${date} ${key}`) || seen.has(`${date} `) ? 1 : null;
    }),
    quality: alarmsOf('quality'),
    drift: alarmsOf('drift'),
    figures: alarmsOf('kpi'),
    version: grid.map(({ key, date }) => versions.get(`${date} ${key}`) ?? null),
    runs: [...places.keys()],
  };
}

/** Runs of whole days, whose keys are items of their steps. */
export function wholeRuns(cells: readonly PartitionCell[]): string[] {
  return cells.filter(({ key }) => key === '').map(({ runId }) => runId);
}
