import { list } from '../../format/number.ts';

/** The query of the address. */
type Search = Readonly<Record<string, string>>;

/** What runs are filtered by: the same names in the address and in `GET /v1/runs`. */
export type RunFilter = Readonly<Record<string, string>>;

/** Lengths of time up to now, by their names in the address. */
export const spans = {
  '24h': { label: 'Last 24 hours', hours: 24 },
  '7d': { label: 'Last 7 days', hours: 7 * 24 },
  '30d': { label: 'Last 30 days', hours: 30 * 24 },
} as const;

const hourMs = 3_600_000;
const names = ['status', 'pipeline', 'trigger', 'text', 'partition', 'backfill', 'from', 'to'] as const;

/**
 * The filter that stands in an address. `span` counts back from the begun hour, so that a page that stays open asks for the
 * same list again.
 *
 * @param now milliseconds since 1970.
 */
export function filterOf(search: Search, now: number): RunFilter {
  const span = spans[search['span'] as keyof typeof spans];
  const given = names.flatMap((name) => (search[name] ? [[name, search[name]] as const] : []));
  const from = span && new Date(Math.floor(now / hourMs) * hourMs - span.hours * hourMs).toISOString();
  return Object.fromEntries(from ? [...given, ['from', from] as const] : given);
}

/** The statuses that an address asks for. */
export const statusesOf = (search: Search): readonly string[] => (search['status'] ?? '').split(',').filter(Boolean);

export interface RunCounts {
  /** Some may be more than are counted. */
  readonly running: Count;
  readonly failed: Count;
  readonly queued: Count;
  readonly paused: Count;
}

export interface Count {
  readonly n: number;
  readonly more: boolean;
}

/** The state of all runs in a sentence. */
export function answerOf({ running, failed, queued, paused }: RunCounts): string {
  const text = ({ n, more }: Count): string => `${n}${more ? ' or more' : ''}`;
  const verb = ({ n }: Count, one: string, many: string): string => (n === 1 ? one : many);
  const open = [
    running.n > 0 && `${text(running)} ${verb(running, 'run is', 'runs are')} under way`,
    queued.n > 0 && `${text(queued)} ${verb(queued, 'waits', 'wait')}`,
    paused.n > 0 && `${text(paused)} ${verb(paused, 'is', 'are')} paused`,
  ].filter((part) => part !== false);
  const now = open.length > 0 ? list(open) : 'No run is under way';
  const ended = failed.n > 0 ? `${text(failed)} failed since yesterday` : 'none failed since yesterday';
  return `${now}; ${ended}.`;
}
