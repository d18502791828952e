import { describe, expect, it } from 'vitest';
import type { RunDetail, StepRecord } from '../../../contracts/runs.ts';
import { itemRows, ticksOf, timelineOf } from '../../../dashboard/pages/runs/timeline.ts';
import { planOf } from '../../support/plans.ts';

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
const ms = (seconds: number): number => Date.parse(at(seconds));

function step(stepId: string, more: Partial<StepRecord> = {}): StepRecord {
  return {
    ...{ runId: 'r', stepId, mapKey: '', status: 'pending', startedAt: null, finishedAt: null, progress: null },
    ...{ metrics: {}, output: null, error: null, reason: null, cachedFrom: null, attempts: [] },
    ...more,
  };
}

const ran = (stepId: string, from: number, to: number, more: Partial<StepRecord> = {}): StepRecord =>
  step(stepId, { status: 'succeeded', startedAt: at(from), finishedAt: at(to), ...more });

function run(steps: readonly StepRecord[], more: Partial<RunDetail> = {}): RunDetail {
  const plan = planOf({
    ingest: {},
    train: { needs: ['ingest'] },
    predict: { needs: ['train'], map: { over: 'params.markets', concurrency: 2, toleratedFailures: 0 } },
  });
  return {
    ...{ id: 'r', pipeline: 'p', status: 'running', params: {}, trigger: { kind: 'api', by: 'a' }, waits: [] },
    ...{ idempotencyKey: null, createdAt: at(0), startedAt: at(5), finishedAt: null, error: null, execution: 1 },
    ...{ priority: 3, limits: {}, admittedAt: null, partition: null, cache: true, parentId: null, backfillId: null },
    ...{ pause: null, planHash: '', plan, steps },
    ...more,
  };
}

describe('timelineOf', () => {
  it('shows waiting apart from working: before a step begins, and between its attempts', () => {
    const attempt = (n: number, status: 'failed' | 'succeeded', from: number, to: number) => ({
      ...{ attempt: n, status, worker: 'w', startedAt: at(from), finishedAt: at(to), error: null },
    });
    const train = ran('train', 12, 40, { attempts: [attempt(1, 'failed', 12, 20), attempt(2, 'succeeded', 25, 40)] });
    const { rows } = timelineOf(run([ran('ingest', 5, 10), train]), ms(60));
    expect(rows.find((row) => row.step.stepId === 'train')).toMatchObject({
      waitedMs: 7_000,
      workedMs: 23_000,
      bars: [
        { kind: 'wait', from: ms(10), to: ms(12) },
        { kind: 'work', attempt: 1, status: 'failed' },
        { kind: 'wait', from: ms(20), to: ms(25) },
        { kind: 'work', attempt: 2, status: 'succeeded', to: ms(40) },
      ],
    });
  });

  it('lets what goes on end now, and what waits for a worker wait until now', () => {
    const going = timelineOf(
      run([ran('ingest', 5, 10, { status: 'running', finishedAt: null }), step('train')]),
      ms(60),
    );
    expect(going.rows.map(({ workedMs, waitedMs }) => [workedMs, waitedMs])).toEqual([
      [55_000, 0],
      [0, 0],
    ]);
    expect(going.to).toBe(ms(60));
    const waiting = timelineOf(run([ran('ingest', 5, 10), step('train')]), ms(60));
    expect(waiting.rows[1]).toMatchObject({ waitedMs: 50_000, workedMs: 0 });
  });

  it('counts the items of a fan-out, and marks the chain that took longest', () => {
    const predict = ran('predict', 40, 60, {
      status: 'running',
      finishedAt: null,
      progress: { done: 1, total: 38, unit: 'items' },
    });
    const items = [
      ran('predict', 40, 50, { mapKey: 'DE' }),
      ran('predict', 40, 45, { mapKey: 'FR', status: 'failed' }),
      ran('predict', 50, 60, { mapKey: 'GB', status: 'running', finishedAt: null }),
    ];
    const shown = run([ran('ingest', 5, 10), ran('train', 12, 40), predict, ...items]);
    const { rows } = timelineOf(shown, ms(70));
    expect(rows[2]?.items).toEqual({ done: 2, failed: 1, total: 38 });
    expect(rows.filter(({ isCritical }) => isCritical).map((row) => row.step.stepId)).toEqual([
      'ingest',
      'train',
      'predict',
    ]);
    expect(itemRows(shown, 'predict', ms(70)).map(({ waitedMs, workedMs }) => [waitedMs, workedMs])).toEqual([
      [0, 10_000],
      [0, 5_000],
      [10_000, 20_000],
    ]);
  });
});

describe('ticksOf', () => {
  it('takes the smallest round pace that does not crowd', () => {
    expect(ticksOf(50_000, 6)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000]);
    expect(ticksOf(45 * 60_000, 6).map((ms) => ms / 60_000)).toEqual([0, 10, 20, 30, 40]);
    expect(ticksOf(30 * 86_400_000, 6)).toHaveLength(5);
  });
});
