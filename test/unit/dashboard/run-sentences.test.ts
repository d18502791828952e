import { describe, expect, it } from 'vitest';
import type { RunComparison } from '../../../contracts/run-insight.ts';
import { byDifference, answerOf as compared, differencesOf } from '../../../dashboard/pages/compare/comparison.ts';
import { filterOf, answerOf as listed } from '../../../dashboard/pages/runs/filter.ts';
import { triggerOf } from '../../../dashboard/pages/runs/sentences.ts';

type Pair = RunComparison['steps'][number];

describe('the filter of an address', () => {
  it('is what the API takes, and counts a span of time back from the begun hour', () => {
    const now = Date.UTC(2026, 0, 8, 10, 59);
    expect(filterOf({ status: 'failed,cancelled', span: '24h', start: 'offers', text: '' }, now)).toEqual({
      status: 'failed,cancelled',
      from: '2026-01-07T10:00:00.000Z',
    });
    expect(filterOf({ from: '2026-01-01', to: '2026-01-02' }, now)).toEqual({ from: '2026-01-01', to: '2026-01-02' });
  });
});

describe('the state of all runs', () => {
  const count = (n: number, more = false) => ({ n, more });

  it('says what goes on, waits and failed', () => {
    expect(listed({ running: count(1), queued: count(2), paused: count(0), failed: count(100, true) })).toBe(
      '1 run is under way and 2 wait; 100 or more failed since yesterday.',
    );
    expect(listed({ running: count(0), queued: count(0), paused: count(0), failed: count(0) })).toBe(
      'No run is under way; none failed since yesterday.',
    );
  });
});

describe('what started a run', () => {
  it('leads to where it is shown', () => {
    const of = (kind: 'schedule' | 'rule' | 'rerun' | 'api', by: string, parentId: string | null = null) =>
      triggerOf({ trigger: { kind, by }, parentId });
    expect(of('schedule', 'daily')).toEqual({ text: 'schedule daily', href: '/schedules/daily' });
    expect(of('rule', 'landed/17')).toEqual({ text: 'rule landed', href: '/rules/landed' });
    expect(of('rerun', 'ada', 'r1').href).toBe('/runs/r1');
    expect(of('api', 'ada')).toEqual({ text: 'ada', href: null });
  });
});

describe('two runs beside each other', () => {
  const side = (more: Partial<NonNullable<Pair['a']>> = {}): NonNullable<Pair['a']> => ({
    ...{ status: 'succeeded', seconds: 10, attempts: 1, metrics: {}, items: {}, cached: false, reason: null },
    ...{ error: null, codeVersion: '1' },
    ...more,
  });
  const pair = (step: string, a: Pair['a'], b: Pair['b']): Pair => ({ step, a, b, output: [] });

  it('put steps first that differ most, and keep the order of the plan otherwise', () => {
    const steps = [
      pair('same', side(), side({ seconds: 10.5 })),
      pair('slower', side(), side({ seconds: 20 })),
      pair('failed', side(), side({ status: 'failed' })),
      pair('gone', side(), null),
      pair('metrics', side({ metrics: { auc: 0.8 } }), side({ metrics: { auc: 0.9 } })),
    ];
    expect(byDifference(steps).map(({ step }) => step)).toEqual(['failed', 'gone', 'metrics', 'slower', 'same']);
    expect(steps.map(differencesOf)).toEqual([[], ['time'], ['state'], ['only in A'], ['metrics']]);
  });

  it('are summed up in a sentence', () => {
    const run = (status: 'succeeded' | 'failed', seconds: number) =>
      ({
        status,
        startedAt: '2026-01-01T00:00:00.000Z',
        finishedAt: new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString(),
      }) as RunComparison['a'];
    const plan = { same: true, onlyA: [], onlyB: [], changed: [] };
    const both = { a: run('succeeded', 60), b: run('failed', 90), params: [{ path: 'seed', a: 1, b: 2 }], plan };
    expect(compared({ ...both, steps: [pair('train', side(), side({ status: 'failed' }))] }, 0)).toBe(
      'A succeeded, B failed. B took 1 min 30 s, 30 s longer than A. They differ in 1 parameter and the state of 1 step.',
    );
    expect(compared({ a: both.a, b: both.a, params: [], plan, steps: [] }, 0)).toBe(
      'Both succeeded. Parameters, plan and states are the same.',
    );
  });
});
