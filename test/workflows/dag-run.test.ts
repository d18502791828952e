import { ApplicationFailure, Context } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunChange } from '../../contracts/activities.ts';
import { type DagWorker, dagWorker, saveHistory, workflowCode } from '../support/dag-worker.ts';
import { planOf } from '../support/plans.ts';
import { temporalAddress } from '../support/servers.ts';

let dag: DagWorker;
beforeAll(async () => {
  dag = await dagWorker(temporalAddress());
});
afterAll(() => dag.close());

function statusOf(changes: readonly RunChange[], step: string): string | undefined {
  return changes.flatMap((c) => (c.kind === 'step' && c.stepId === step && c.mapKey === '' ? [c.status] : [])).at(-1);
}

const broken = (): never => {
  throw ApplicationFailure.create({
    message: 'disk on fire',
    type: 'STEP_FAILED',
    nonRetryable: true,
    details: [{ code: 'STEP_FAILED', message: 'disk on fire' }],
  });
};

describe('dagRun', () => {
  it('starts a step when its needs have ended, and hands it their outputs', async () => {
    const plan = planOf({ a: {}, b: { needs: ['a'] }, c: { needs: ['a'] }, d: { needs: ['b', 'c'] } });
    const seen: Record<string, unknown> = {};
    const { result, journal } = await dag.run(plan, (call) => {
      seen[call.step.id] = call.inputs;
      return `out-${call.step.id}`;
    });
    expect(result.status).toBe('succeeded');
    expect(journal.started[0]).toBe('a');
    expect(journal.started[3]).toBe('d');
    expect(seen['d']).toEqual({ b: 'out-b', c: 'out-c' });
    expect(journal.changes.at(0)).toEqual({ kind: 'run', status: 'running' });
    expect(journal.changes.at(-1)).toMatchObject({ kind: 'run', status: 'succeeded' });
  });

  it('skips by condition and lets what comes after it run', async () => {
    const plan = planOf({ a: {}, b: { needs: ['a'], when: 'steps.a.output.go' }, c: { needs: ['b'] } });
    const { result, journal } = await dag.run(plan, (call) => (call.step.id === 'a' ? { go: false } : null));
    expect(result.status).toBe('succeeded');
    expect(journal.started).toEqual(['a', 'c']);
    expect(journal.changes).toContainEqual(
      expect.objectContaining({ stepId: 'b', status: 'skipped', reason: expect.stringContaining('steps.a.output.go') }),
    );
  });

  it('stops what depends on a failure, runs what does not and what asks for it, and says why the run failed', async () => {
    const plan = planOf({
      a: {},
      after: { needs: ['a'] },
      far: { needs: ['after'] },
      other: {},
      cleanup: { needs: ['a'], when: 'steps.a.status == "failed"' },
    });
    const { result, journal } = await dag.run(plan, (call) => (call.step.id === 'a' ? broken() : null));
    expect(result.status).toBe('failed');
    expect([...journal.started].sort()).toEqual(['a', 'cleanup', 'other']);
    expect(statusOf(journal.changes, 'far')).toBe('skipped');
    expect(journal.changes.at(-1)).toMatchObject({ kind: 'run', status: 'failed', error: { message: 'disk on fire' } });
  });

  it('succeeds without a step that may fail', async () => {
    const plan = planOf({ a: { onFailure: 'continue' }, b: {} });
    const { result } = await dag.run(plan, (call) => (call.step.id === 'a' ? broken() : null));
    expect(result.status).toBe('succeeded');
  });

  it('fails a step whose condition cannot be evaluated, with the reason', async () => {
    const plan = planOf({ a: {}, b: { needs: ['a'], when: 'steps.a.output.nope == 1' } });
    const { result, journal } = await dag.run(plan, () => ({}));
    expect(result.status).toBe('failed');
    expect(journal.changes.at(-1)).toMatchObject({
      error: { code: 'EXPRESSION_INVALID', message: expect.stringContaining('nope') },
    });
  });

  it('retries as the plan says', async () => {
    const plan = planOf({ a: { retry: { attempts: 3, initial: '10ms' } } });
    let calls = 0;
    const { result } = await dag.run(plan, () => {
      calls++;
      if (calls < 3) throw new Error('again');
      return calls;
    });
    expect(result.outputs).toEqual({ a: 3 });
  });

  describe('map', () => {
    const plan = (toleratedFailures: number) =>
      planOf({
        list: {},
        each: { needs: ['list'], map: { over: 'steps.list.output', concurrency: 3, toleratedFailures } },
        sum: { needs: ['each'] },
      });

    it('runs every item, no more at a time than allowed', async () => {
      let now = 0;
      let most = 0;
      const items = Array.from({ length: 10 }, (_, i) => `m${i}`);
      const { result } = await dag.run(plan(0), async (call) => {
        if (call.step.id === 'list') return items;
        if (call.step.id === 'sum') return Object.keys(call.inputs['each'] as object).length;
        most = Math.max(most, ++now);
        await new Promise((resolve) => setImmediate(resolve));
        now--;
        return call.item?.key ?? null;
      });
      expect(result.outputs['sum']).toBe(10);
      expect(most).toBeLessThanOrEqual(3);
    });

    it('tolerates the stated share of failures and no more', async () => {
      const body = (call: { step: { id: string }; item?: { key: string } }) => {
        if (call.step.id === 'list') return ['a', 'b', 'c', 'd'];
        return call.item?.key === 'b' ? broken() : null;
      };
      const tolerant = await dag.run(plan(0.25), body);
      expect(tolerant.result.status).toBe('succeeded');
      expect(Object.keys(tolerant.result.outputs['each'] as object)).toEqual(['a', 'c', 'd']);
      const strict = await dag.run(plan(0.2), body);
      expect(strict.result.status).toBe('failed');
      expect(strict.journal.changes.at(-1)).toMatchObject({
        error: { message: expect.stringContaining('b: disk on fire') },
      });
    });

    it('succeeds with nothing for an empty list', async () => {
      const { result } = await dag.run(plan(0), (call) => (call.step.id === 'list' ? [] : null));
      expect(result.outputs['each']).toEqual({});
      expect(result.status).toBe('succeeded');
    });
  });

  it('cancels running steps, starts no further one, and says cancelled', async () => {
    const plan = planOf({ a: { heartbeat: '2s' }, b: { needs: ['a'] } });
    let reached: () => void = () => {};
    const running = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const { handle, journal } = await dag.start(plan, async () => {
      const context = Context.current();
      const beat = setInterval(() => context.heartbeat(), 50);
      reached();
      try {
        await context.cancelled;
      } finally {
        clearInterval(beat);
      }
      return null;
    });
    await running;
    await handle.cancel();
    expect(await handle.result()).toMatchObject({ status: 'cancelled' });
    expect(journal.started).toEqual(['a']);
    expect(statusOf(journal.changes, 'a')).toBe('cancelled');
    expect(statusOf(journal.changes, 'b')).toBe('cancelled');
    expect(journal.changes.at(-1)).toEqual({ kind: 'run', status: 'cancelled' });
  });

  it('replays its own history', async () => {
    const plan = planOf({
      a: {},
      b: { needs: ['a'], map: { over: 'steps.a.output', concurrency: 2 } },
      c: { needs: ['b'], when: 'size(steps.b.output) > 5' },
    });
    const { handle } = await dag.run(plan, (call) => (call.step.id === 'a' ? ['x', 'y', 'z'] : null));
    const history = await handle.fetchHistory();
    saveHistory('map-and-condition', history);
    await Worker.runReplayHistory(await workflowCode(), history);
  });
});
