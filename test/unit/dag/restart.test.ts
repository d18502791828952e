import { describe, expect, it } from 'vitest';
import type { RunStatus, StepStatus } from '../../../contracts/runs.ts';
import { stepsToRestart } from '../../../domain/dag/restart.ts';
import { planOf } from '../../support/plans.ts';

const plan = planOf({ a: {}, b: { needs: ['a'] }, c: { needs: ['b'] } });
const again = (status: RunStatus, steps: Record<string, [StepStatus, string?]>, from?: string[]) =>
  stepsToRestart(
    { id: 'r', plan, status },
    Object.entries(steps).map(([stepId, [status, reason = null]]) => ({ stepId, mapKey: '', status, reason })),
    from,
  ).map(({ stepId }) => stepId);

describe('what a retry does again', () => {
  it('is what failed and what was skipped because of it', () => {
    const steps = {
      a: ['failed'],
      b: ['skipped', 'needs "a", which failed'],
      c: ['skipped', 'needs "b", which could not run'],
    };
    expect(again('failed', steps as never)).toEqual(['a', 'b', 'c']);
  });

  it('is not what somebody skipped by hand, unless it is named', () => {
    const steps = {
      a: ['failed'],
      b: ['skipped', 'skipped by ann: known hole'],
      c: ['skipped', 'needs "a", which failed'],
    };
    expect(again('failed', steps as never)).toEqual(['a', 'c']);
    expect(again('failed', steps as never, ['b'])).toEqual(['a', 'b', 'c']);
  });

  it('is what was skipped behind a step that had succeeded after all', () => {
    const steps = {
      a: ['succeeded'],
      b: ['skipped', 'needs "a", which failed'],
      c: ['skipped', 'needs "b", which could not run'],
    };
    expect(again('failed', steps as never)).toEqual(['b', 'c']);
    expect(again('failed', { a: ['succeeded'], b: ['succeeded'], c: ['succeeded'] })).toEqual([]);
  });

  it('is refused where all has succeeded', () => {
    expect(() =>
      again('succeeded', { a: ['succeeded'], b: ['skipped', 'its condition was false: x'], c: ['succeeded'] }),
    ).toThrow('have succeeded or were skipped');
  });
});
