import { randomUUID } from 'node:crypto';
import { PerennialError } from '../contracts/errors.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { RunBrief, RunDetail, RunRecord, StepRecord } from '../contracts/runs.ts';
import type { ApiClient } from './client.ts';
import { watchRun } from './progress.ts';
import { duration, type Terminal, table, time } from './terminal.ts';
import { waitText } from './waits.ts';

export type { RunBrief, RunDetail };

/** Starts a run. The key makes a repeated request, after a connection that broke, the same run. */
export function startRun(
  api: ApiClient,
  pipeline: string,
  params: Readonly<Record<string, unknown>>,
  more: { readonly priority?: number | undefined; readonly cache?: boolean } = {},
): Promise<RunBrief> {
  return api.post<RunBrief>('/v1/runs', { pipeline, params, ...more }, { 'idempotency-key': randomUUID() });
}

/** Follows a run to its end and returns it. */
export async function waitForRun(api: ApiClient, run: RunBrief, terminal: Terminal): Promise<RunDetail> {
  const { steps } = await api.get<{ steps: { id: string; title: string }[] }>(`/v1/pipelines/${run.pipeline}`);
  await watchRun(api, run.id, new Map(steps.map((s) => [s.id, s.title])), terminal);
  return api.get<RunDetail>(`/v1/runs/${run.id}`);
}

/** The output of a step that is no item of a fan-out. */
export function outputOf(run: RunDetail, stepId: string): Json {
  return run.steps.find((s) => s.stepId === stepId && s.mapKey === '')?.output ?? null;
}

/**
 * The output of a step, or of one that ran for each item of a list `{ [key]: output }`.
 *
 * @throws VALIDATION_FAILED when the run has no such step.
 */
export function outputsOf(run: RunDetail, stepId: string): Json {
  const found = run.steps.filter((s) => s.stepId === stepId);
  if (found.length === 0) {
    const steps = [...new Set(run.steps.map((s) => s.stepId))].join(', ');
    throw new PerennialError('VALIDATION_FAILED', `Run ${run.id} has no step "${stepId}".`, {
      remedy: `It has ${steps || 'none'}.`,
    });
  }
  const items = found.filter((s) => s.mapKey !== '');
  if (items.length === 0) return found[0]?.output ?? null;
  return Object.fromEntries(items.map((s) => [s.mapKey, s.output]));
}

export function took({ startedAt, finishedAt }: Pick<RunRecord, 'startedAt' | 'finishedAt'>): string {
  if (startedAt === null) return '';
  return duration((finishedAt === null ? Date.now() : Date.parse(finishedAt)) - Date.parse(startedAt));
}

/** A run with its steps, as text. */
export function runText(run: RunDetail): string {
  const rows = run.steps.map((s) => [
    s.mapKey === '' ? s.stepId : `  ${s.mapKey}`,
    s.status,
    s.attempts.length || '',
    took(s),
    noteOf(s),
  ]);
  return [
    `Run ${run.id} of ${run.pipeline}: ${run.status}${run.error ? ` (${run.error.message})` : ''}`,
    ...(run.error?.remedy ? [`  What to do: ${run.error.remedy}`] : []),
    `  created ${time(run.createdAt)}, took ${took(run)}, started by ${run.trigger.kind} ${run.trigger.by}`.trimEnd(),
    `  parameters ${JSON.stringify(run.params satisfies JsonObject)}`,
    ...(run.parentId ? [`  goes on from run ${run.parentId}`] : []),
    ...(run.execution > 1 ? [`  execution ${run.execution}: it was retried`] : []),
    ...(run.pause ? [`  paused by ${run.pause.by} at ${time(run.pause.at)}: ${run.pause.reason}`] : []),
    ...run.waits.map((wait) => `  ${waitText(wait)}`),
    '',
    table(['step', 'status', 'attempts', 'time', ''], rows, { right: ['attempts', 'time'] }),
  ].join('\n');
}

function noteOf({ status, reason, error, progress, cachedFrom }: StepRecord): string {
  if (cachedFrom) return `output of run ${cachedFrom.runId}`;
  if (error && status !== 'succeeded') return error.message;
  if (reason) return reason;
  return progress && status === 'running' ? `${progress.done}/${progress.total} ${progress.unit}` : '';
}
