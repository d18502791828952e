import type { RunDetail, StepRecord, StepStatus } from '../../../contracts/runs.ts';
import { criticalPath } from '../../graph/model.ts';

/** A stretch of a step's time, milliseconds since 1970. `wait`: it could run and did not; the rest is an attempt's work. */
export interface Bar {
  readonly kind: 'wait' | 'work';
  readonly from: number;
  readonly to: number;
  /** Of an attempt: how it ended. */
  readonly status: StepStatus;
  /** 0: the step has no attempts of its own, as a fan-out. */
  readonly attempt: number;
}

/** How the items of a fan-out stand. */
export interface ItemCount {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
}

/** A step, or an item of one, as lists and pictures show it. */
export interface TimelineRow {
  readonly step: StepRecord;
  readonly bars: readonly Bar[];
  readonly workedMs: number;
  readonly waitedMs: number;
  readonly isCritical: boolean;
  readonly items: ItemCount | null;
}

export interface Timeline {
  readonly from: number;
  readonly to: number;
  /** Steps in the order of the plan. */
  readonly rows: readonly TimelineRow[];
}

const terminal: ReadonlySet<string> = new Set(['succeeded', 'failed', 'skipped', 'cancelled']);

/** Whether a run or step has ended. */
export const isEnded = ({ status }: { readonly status: string }): boolean => terminal.has(status);

/** The steps of a run over time. @param now for what goes on, milliseconds since 1970. */
export function timelineOf(run: RunDetail, now: number): Timeline {
  const own = new Map(run.steps.filter(({ mapKey }) => mapKey === '').map((step) => [step.stepId, step]));
  const items = new Map<string, StepRecord[]>();
  for (const step of run.steps)
    if (step.mapKey !== '') (items.get(step.stepId) ?? items.set(step.stepId, []).get(step.stepId))?.push(step);
  const rows = run.plan.steps.flatMap(({ id, needs, map }) => {
    const step = own.get(id);
    if (!step) return [];
    const bars = barsOf(step, readyAt(run, own, needs), now);
    return [{ step, bars, ...sums(bars), items: map ? countOf(step, items.get(id) ?? []) : null }];
  });
  const worked = new Map(rows.map(({ step, workedMs }) => [step.stepId, workedMs]));
  const critical = new Set(
    criticalPath(run.plan.steps.map(({ id, needs }) => ({ id, needs, ms: worked.get(id) ?? 0 }))),
  );
  return {
    from: Date.parse(run.createdAt),
    to: Math.max(
      Date.parse(run.createdAt) + 1000,
      run.finishedAt ? Date.parse(run.finishedAt) : now,
      ...rows.flatMap(({ bars }) => bars.map(({ to }) => to)),
    ),
    rows: rows.map((row) => ({ ...row, isCritical: critical.has(row.step.stepId) })),
  };
}

/** The items of a mapped step over time, in the order of their keys. @param most of them; default all. */
export function itemRows(run: RunDetail, stepId: string, now: number, most?: number): readonly TimelineRow[] {
  const begun = run.steps.find((step) => step.stepId === stepId && step.mapKey === '')?.startedAt;
  return run.steps
    .filter((step) => step.stepId === stepId && step.mapKey !== '')
    .slice(0, most)
    .map((step) => {
      const bars = barsOf(step, begun ? Date.parse(begun) : null, now);
      return { step, bars, ...sums(bars), isCritical: false, items: null };
    });
}

/** When nothing but a free worker was missing any more; null while something is. */
function readyAt(run: RunDetail, steps: ReadonlyMap<string, StepRecord>, needs: readonly string[]): number | null {
  if (run.startedAt === null) return null;
  let ready = Date.parse(run.startedAt);
  for (const need of needs) {
    const step = steps.get(need);
    if (!step || !isEnded(step)) return null;
    if (step.finishedAt) ready = Math.max(ready, Date.parse(step.finishedAt));
  }
  return ready;
}

function barsOf(step: StepRecord, ready: number | null, now: number): readonly Bar[] {
  if (step.status === 'skipped') return [];
  const end = (at: string | null): number => (at === null ? now : Date.parse(at));
  const attempts = step.attempts.map(({ attempt, status, startedAt, finishedAt }) => ({
    ...{ attempt, status, from: Date.parse(startedAt), to: end(finishedAt) },
  }));
  if (attempts.length === 0 && step.startedAt)
    attempts.push({ attempt: 0, status: step.status, from: Date.parse(step.startedAt), to: end(step.finishedAt) });
  const bars: Bar[] = [];
  let free = ready;
  for (const { attempt, status, from, to } of attempts) {
    if (free !== null && from > free) bars.push({ kind: 'wait', from: free, to: from, status: 'pending', attempt });
    bars.push({ kind: 'work', from, to: Math.max(from, to), status, attempt });
    free = Math.max(from, to);
  }
  const waits =
    step.status === 'pending' || (step.status === 'running' && attempts.every(({ status }) => status !== 'running'));
  if (waits && free !== null && free < now)
    bars.push({ kind: 'wait', from: free, to: now, status: 'pending', attempt: attempts.length + 1 });
  return bars;
}

function sums(bars: readonly Bar[]): { readonly workedMs: number; readonly waitedMs: number } {
  const sum = (kind: Bar['kind']): number =>
    bars.filter((bar) => bar.kind === kind).reduce((ms, { from, to }) => ms + to - from, 0);
  return { workedMs: sum('work'), waitedMs: sum('wait') };
}

function countOf({ progress }: StepRecord, items: readonly StepRecord[]): ItemCount | null {
  const total = Math.max(progress?.total ?? 0, items.length);
  if (total === 0) return null;
  return {
    total,
    done: items.filter(isEnded).length,
    failed: items.filter(({ status }) => status === 'failed').length,
  };
}

const minute = 60_000;
const paces = [
  ...[1_000, 2_000, 5_000, 10_000, 15_000, 30_000],
  ...[1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map((n) => n * minute),
];

/** Round times since the start at which an axis has its marks, milliseconds. @param most marks. */
export function ticksOf(spanMs: number, most: number): readonly number[] {
  const pace = paces.find((ms) => spanMs / ms <= most) ?? Math.ceil(spanMs / most / (1440 * minute)) * 1440 * minute;
  return Array.from({ length: Math.floor(spanMs / pace) + 1 }, (_, n) => n * pace);
}
