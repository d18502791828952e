import type { DayStanding, KeyStanding } from '../../contracts/overview.ts';
import { type RunStatus, terminalRunStatuses } from '../../contracts/runs.ts';
import type { KeyPart, PartitionCell } from '../ports/overview-facts.ts';

/** How a key's part of a day stands. */
export interface KeyCell {
  readonly status: RunStatus;
  readonly runId: string;
  /** When it began, or ended when it has. */
  readonly since: string;
}

/** A day: its keys, and the run of the whole day if there is one. */
export interface DayCells {
  readonly keys: ReadonlyMap<string, KeyCell>;
  readonly whole: PartitionCell | null;
}

/** What counts of several runs of a partition: one under way, else one that succeeded. */
const rankOf = (status: RunStatus): number => (!terminalRunStatuses.has(status) ? 0 : status === 'succeeded' ? 1 : 2);

/** Whether a cell counts before another: the newer one of two that are alike. */
function isBefore(a: KeyCell, b: KeyCell): boolean {
  const order = rankOf(a.status) - rankOf(b.status);
  return order < 0 || (order === 0 && a.since > b.since);
}

/**
 * The cells of days by date. Runs do a key's day, or a whole day whose mapped steps have an item for each key: the key's cell is then
 * what became of its items. While such a run has no items yet, and when it ended before it had some, all keys are as the run is.
 *
 * @param known keys that every day may have.
 */
export function dayCells(
  cells: readonly PartitionCell[],
  parts: readonly KeyPart[],
  known: Iterable<string>,
): Map<string, DayCells> {
  const partsOf = new Map<string, Map<string, KeyPart>>();
  for (const part of parts) {
    const own = partsOf.get(part.runId) ?? new Map<string, KeyPart>();
    partsOf.set(part.runId, own.set(part.key, part));
  }
  const days = new Map<string, PartitionCell[]>();
  for (const cell of cells) days.set(cell.date, [...(days.get(cell.date) ?? []), cell]);
  const names = [...known];
  return new Map(
    [...days].map(([date, own]) => {
      const whole = own.find(({ key }) => key === '') ?? null;
      const items = (whole && partsOf.get(whole.runId)) ?? new Map<string, KeyPart>();
      const keys = new Map<string, KeyCell>();
      for (const { key, runId, status, ...times } of own)
        if (key !== '') keys.set(key, { runId, status, since: sinceOf(status, times) });
      if (whole)
        for (const key of names) {
          const part = partCell(whole, items.get(key), items.size > 0);
          const given = keys.get(key);
          if (part && (!given || isBefore(part, given))) keys.set(key, part);
        }
      return [date, { keys, whole }];
    }),
  );
}

/** The keys that cells and parts name, by name. */
export function keysOf(cells: readonly PartitionCell[], parts: readonly KeyPart[]): string[] {
  const keys = new Set([...cells.map(({ key }) => key), ...parts.map(({ key }) => key)]);
  keys.delete('');
  return [...keys].sort();
}

function partCell(whole: PartitionCell, part: KeyPart | undefined, hasItems: boolean): KeyCell | null {
  const { runId, status } = whole;
  const isOver = whole.finishedAt !== null;
  if (!part) {
    // It had no data for the key, or has not come to it.
    if (status === 'succeeded') return null;
    return hasItems && !isOver
      ? { runId, status: 'queued', since: whole.startedAt ?? whole.createdAt }
      : { runId, status, since: sinceOf(status, whole) };
  }
  const begun = part.startedAt ?? whole.startedAt ?? whole.createdAt;
  const ended = part.finishedAt ?? whole.finishedAt ?? begun;
  if (part.failed) return { runId, status: 'failed', since: ended };
  if (part.ended) return { runId, status: 'succeeded', since: ended };
  return isOver || status === 'paused'
    ? { runId, status, since: sinceOf(status, whole) }
    : { runId, status: 'running', since: begun };
}

function sinceOf(
  status: RunStatus,
  { createdAt, startedAt, finishedAt }: Pick<PartitionCell, 'createdAt' | 'startedAt' | 'finishedAt'>,
): string {
  if (status === 'queued') return createdAt;
  return (status === 'running' || status === 'paused' ? startedAt : finishedAt) ?? createdAt;
}

const standingOf: Readonly<Record<RunStatus, KeyStanding>> = {
  queued: 'waiting',
  running: 'running',
  paused: 'running',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'failed',
};

/** A day by key; of a pipeline without keys, and of a day without any, null. @param keys that the day should have. */
export function dayStanding(date: string, { keys, whole }: DayCells, wanted: readonly string[]): DayStanding | null {
  const names = [...new Set([...wanted, ...keys.keys()])].sort();
  if (names.length === 0) return null;
  const first = whole?.createdAt ?? [...keys.values()].map(({ since }) => since).sort()[0] ?? `${date}T00:00:00.000Z`;
  const open = names.flatMap((key): DayStanding['open'][number][] => {
    const cell = keys.get(key);
    const standing = cell ? standingOf[cell.status] : 'waiting';
    return standing === 'done' ? [] : [{ key, standing, since: cell?.since ?? first, runId: cell?.runId ?? null }];
  });
  return { date, done: names.length - open.length, total: names.length, open };
}
