import type { ErrorInfo } from '../../../contracts/errors.ts';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { PlanStep } from '../../../contracts/plan.ts';
import type { Pause, Priority, RunStatus, Trigger } from '../../../contracts/runs.ts';
import { type AnyPipeline, compilePlan } from '../../../domain/dag/index.ts';
import { draw, type Row } from './rows.ts';

/** A run as it is to stand in the database. */
export interface SeededRun {
  readonly id: string;
  readonly pipeline: AnyPipeline;
  readonly status: RunStatus;
  readonly params: JsonObject;
  readonly trigger: Trigger;
  readonly createdAt: Date;
  /** From its creation until it was let in. */
  readonly waitSeconds?: number;
  /** From its start to its end; of one under way to the end that it will have. */
  readonly seconds: number;
  readonly partition?: string | null;
  readonly priority?: Priority;
  readonly limits?: Readonly<Record<string, number>>;
  readonly pause?: Pause;
  readonly backfillId?: string;
  readonly parentId?: string;
  /** Items of its mapped steps. */
  readonly keys?: readonly string[];
  /** Steps that have nothing to do. */
  readonly skipped?: Readonly<Record<string, string>>;
  /** Where it failed, and why. */
  readonly fault?: { readonly step: string; readonly item?: string; readonly error: ErrorInfo };
  /** Up to when it has come; default: its end. */
  readonly now?: Date;
  /** Metrics of steps. */
  readonly metrics?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What a step, or an item of it, gives. */
  readonly output?: (step: string, item: string) => Json;
}

/** Rows by table. */
export interface RunRows {
  readonly runs: Row[];
  readonly step_runs: Row[];
  readonly step_attempts: Row[];
  readonly step_logs: Row[];
  readonly run_events: Row[];
  readonly events: Row[];
}

/** Tables of runs, in the order in which they are filled. */
export const runTables = ['runs', 'step_runs', 'step_attempts', 'step_logs', 'run_events', 'events'] as const;

export function noRows(): RunRows {
  return { runs: [], step_runs: [], step_attempts: [], step_logs: [], run_events: [], events: [] };
}

const worker = (resource: string): string => `${resource === 'light' ? 'control' : resource}@batch-1:4711`;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** When each step begins and ends, as shares of the run: after what it needs, for as long as its name draws. */
function spansOf(steps: readonly PlanStep[], skipped: ReadonlySet<string>): Map<string, Span> {
  const spans = new Map<string, Span>();
  for (const { id, needs, map } of steps) {
    const start = Math.max(0, ...needs.map((need) => spans.get(need)?.end ?? 0));
    const weight = skipped.has(id) ? 0 : (/^train|adapt/.test(id) ? 8 : map ? 4 : 1) * (0.5 + draw('weight', id));
    spans.set(id, { start, end: start + weight });
  }
  const whole = Math.max(...[...spans.values()].map(({ end }) => end));
  return new Map([...spans].map(([id, { start, end }]) => [id, { start: start / whole, end: end / whole }]));
}

const plans = new Map<string, ReturnType<typeof compilePlan>>();

/** How long a run takes that has come, after so many seconds, to the middle of the last of its mapped steps. */
export function secondsOfMiddle(
  pipeline: AnyPipeline,
  skipped: Readonly<Record<string, string>>,
  elapsed: number,
): number {
  const { steps } = compilePlan(pipeline);
  const spans = spansOf(steps, new Set(Object.keys(skipped)));
  const mapped = steps.flatMap(({ id, map }) => (map && !(id in skipped) ? (spans.get(id) ?? []) : []));
  const last = mapped.reduce((a, b) => (b.end > a.end ? b : a));
  return elapsed / ((last.start + last.end) / 2);
}

/** The rows of a run with all that it has left: steps, items, attempts, lines, events. */
export function addRun(rows: RunRows, run: SeededRun): void {
  const { id, pipeline, status, params, trigger, createdAt, seconds, partition = null, fault } = run;
  const plan = plans.get(pipeline.id) ?? compilePlan(pipeline);
  plans.set(pipeline.id, plan);
  const isQueued = status === 'queued';
  const startedAt = createdAt.getTime() + (run.waitSeconds ?? 2) * 1_000;
  const skipped = new Set(Object.keys(run.skipped ?? {}));
  const spans = spansOf(plan.steps, skipped);
  const faultSpan = fault && spans.get(fault.step);
  const share = faultSpan ? faultSpan.end : 1;
  const at = (part: number): number => startedAt + Math.round((part / share) * seconds * 1_000);
  const until = Math.min(run.now?.getTime() ?? Number.POSITIVE_INFINITY, startedAt + seconds * 1_000);
  const isEnded = !isQueued && status !== 'running' && status !== 'paused';
  const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());
  rows.runs.push({
    ...{ id, pipeline: pipeline.id, status, params, plan, trigger, partition },
    created_at: createdAt.toISOString(),
    started_at: isQueued ? null : iso(startedAt),
    finished_at: isEnded ? iso(until) : null,
    error:
      fault?.error ?? (status === 'cancelled' ? { code: 'CANCELLED', message: `Cancelled by ${trigger.by}.` } : null),
    execution: 1,
    priority: run.priority ?? 3,
    limits: run.limits ?? {},
    admitted_at: isQueued ? null : iso(startedAt),
    launched_at: iso(createdAt.getTime() + 500),
    cache: true,
    parent_id: run.parentId ?? null,
    backfill_id: run.backfillId ?? null,
    pause: run.pause ?? null,
  });
  const runEvent = (time: number, data: object): void => {
    rows.run_events.push({ run_id: id, at: iso(time), type: 'run', data });
  };
  runEvent(createdAt.getTime(), { status: 'queued' });
  if (!isQueued) runEvent(startedAt, { status: 'running' });
  if (isEnded || status === 'paused') runEvent(until, { status, ...(fault ? { error: { ...fault.error } } : {}) });
  const firstLine = rows.step_logs.length;
  plan.steps.forEach((step, position) => {
    addStep(rows, run, step, position, {
      span: spans.get(step.id) as Span,
      at,
      until: isQueued ? Number.NEGATIVE_INFINITY : until,
    });
  });
  // As they are written: steps go on side by side.
  const lines = rows.step_logs.splice(firstLine);
  rows.step_logs.push(...lines.sort((a, b) => String(a['at']).localeCompare(String(b['at']))));
  if (isEnded)
    rows.events.push({
      ...{ source: `/pipelines/${pipeline.id}`, id: `${id}/1`, type: `run.${status}`, subject: id },
      ...{
        time: iso(until),
        datacontenttype: 'application/json',
        received_at: iso(until),
        processed_at: iso(until + 300),
      },
      ...{ queued_at: iso(until + 100), attempts: 1 },
      data: { runId: id, pipeline: pipeline.id, partition, params, status, trigger, metrics: {}, seconds },
    });
}

interface Timing {
  readonly span: Span;
  readonly at: (part: number) => number;
  readonly until: number;
}

function addStep(rows: RunRows, run: SeededRun, step: PlanStep, position: number, { span, at, until }: Timing): void {
  const { fault, keys = [] } = run;
  const [start, end] = [at(span.start), at(span.end)];
  const reason = run.skipped?.[step.id] ?? null;
  const isPaused = run.status === 'paused';
  const items = step.map && reason === null ? keys : [];
  const add = (mapKey: string, from: number, to: number): void => {
    const failed = fault?.step === step.id && (fault.item ?? '') === mapKey;
    const begun = from < until || (reason !== null && to <= until);
    const ended = begun && to <= until;
    if (mapKey !== '' && !begun) return;
    const isOpen = run.status === 'running' || run.status === 'paused';
    const status = !begun
      ? isOpen || run.status === 'queued'
        ? 'pending'
        : run.status === 'cancelled'
          ? 'cancelled'
          : 'skipped'
      : reason !== null
        ? 'skipped'
        : failed || (ended && mapKey === '' && fault?.step === step.id)
          ? 'failed'
          : ended
            ? 'succeeded'
            : isOpen
              ? isPaused
                ? 'pending'
                : 'running'
              : 'cancelled';
    const isRun = begun && reason === null;
    const total = items.length > 0 && mapKey === '' ? items.length : 1_000;
    const share = ended ? 1 : Math.max(0, (until - from) / (to - from));
    const error = failed || (status === 'failed' && mapKey === '') ? (fault?.error ?? null) : null;
    const times = {
      started_at: isRun && status !== 'pending' ? new Date(from).toISOString() : null,
      finished_at: status === 'pending' || status === 'running' ? null : new Date(Math.min(to, until)).toISOString(),
    };
    rows.step_runs.push({
      ...{ run_id: run.id, step_id: step.id, map_key: mapKey, position, status, ...times },
      progress: isRun ? { done: Math.floor(total * share), total, unit: total === 1_000 ? 'rows' : 'markets' } : null,
      metrics: (status === 'succeeded' && mapKey === '' && run.metrics?.[step.id]) || {},
      output: status === 'succeeded' ? (run.output?.(step.id, mapKey) ?? null) : null,
      error,
      reason: reason ?? (status === 'skipped' ? `needs "${fault?.step ?? step.needs[0] ?? ''}", which failed` : null),
    });
    if (!times.started_at || (step.map && mapKey === '')) return;
    const tries = failed ? Math.min(step.retry.maximumAttempts, 3) : 1;
    for (let attempt = 1; attempt <= tries; attempt++) {
      const part = (to - from) / tries;
      const [began, over] = [from + (attempt - 1) * part, from + attempt * part];
      rows.step_attempts.push({
        ...{ run_id: run.id, step_id: step.id, map_key: mapKey, attempt, worker: worker(step.resource) },
        status: failed ? 'failed' : status,
        started_at: new Date(began).toISOString(),
        finished_at: times.finished_at && new Date(Math.min(over, until)).toISOString(),
        error,
      });
      const line = (time: number, level: string, message: string): void => {
        rows.step_logs.push({
          ...{ run_id: run.id, step_id: step.id, map_key: mapKey, attempt, level, message },
          at: new Date(time).toISOString(),
        });
      };
      if (mapKey === '' || failed) line(began, 'info', `${step.id} begins${mapKey ? ` for ${mapKey}` : ''}`);
      if (failed && error) {
        line(began + part / 2, 'warn', 'the source answers slowly; trying again');
        line(over - 1, 'error', error.message);
      }
    }
  };
  add('', start, Math.max(end, start + 1));
  const width = (end - start) / Math.max(1, Math.ceil(items.length / (step.map?.concurrency ?? 1)));
  items.forEach((key, n) => {
    const slot = Math.floor(n / (step.map?.concurrency ?? 1));
    add(key, start + slot * width, start + (slot + 1) * width);
  });
}
