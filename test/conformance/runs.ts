import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { RunRepository } from '../../domain/ports/runs.ts';
import { planOf } from '../support/plans.ts';

export function runConformance(repository: () => RunRepository): void {
  const create = (more: object = {}) =>
    repository().create({
      id: randomUUID(),
      pipeline: 'p',
      params: { day: '2026-01-01' },
      plan: planOf({ a: {}, b: { needs: ['a'] } }),
      trigger: { kind: 'api', by: 'test' },
      idempotencyKey: null,
      ...more,
    });
  const newRun = async (): Promise<string> => (await create()).run.id;
  const stepOf = async (id: string, stepId = 'a') => (await repository().steps(id)).find((s) => s.stepId === stepId);

  it('stores a run with its steps pending, in the order of the plan', async () => {
    const { run, created } = await create();
    expect(created).toBe(true);
    expect(await repository().get(run.id)).toEqual(run);
    expect(run).toMatchObject({ status: 'queued', params: { day: '2026-01-01' }, startedAt: null, error: null });
    expect((await repository().steps(run.id)).map((s) => [s.stepId, s.status])).toEqual([
      ['a', 'pending'],
      ['b', 'pending'],
    ]);
  });

  it('makes one run for an idempotency key, also when asked by many at once', async () => {
    const key = { idempotencyKey: randomUUID() };
    const made = await Promise.all(Array.from({ length: 5 }, () => create(key)));
    expect(new Set(made.map((m) => m.run.id)).size).toBe(1);
    expect(made.filter((m) => m.created)).toHaveLength(1);
    await expect(create({ ...key, params: { day: '2026-01-02' } })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
  });

  it('records an attempt from start to end', async () => {
    const id = await newRun();
    const a = { runId: id, stepId: 'a', mapKey: '' };
    await repository().attemptStarted(a, 1, 'w1');
    await repository().progress(a, { done: 1, total: 2, unit: 'rows' });
    await repository().metrics(a, { loss: 0.5 });
    await repository().metrics(a, { rows: 2 });
    await repository().attemptFinished(a, 1, {
      status: 'failed',
      error: { code: 'STEP_FAILED', message: 'no' },
      final: false,
    });
    expect(await stepOf(id)).toMatchObject({ status: 'running', error: null });
    await repository().attemptStarted(a, 2, 'w2');
    await repository().attemptFinished(a, 2, { status: 'succeeded', output: { n: 1 } });
    const step = await stepOf(id);
    expect(step).toMatchObject({
      status: 'succeeded',
      output: { n: 1 },
      metrics: { loss: 0.5, rows: 2 },
      progress: { done: 1, total: 2, unit: 'rows' },
    });
    expect(step?.attempts.map((t) => [t.attempt, t.status, t.worker])).toEqual([
      [1, 'failed', 'w1'],
      [2, 'succeeded', 'w2'],
    ]);
    expect(await repository().outputs(id, ['a', 'b'])).toEqual({ a: { n: 1 }, b: null });
  });

  it('records a short attempt at once, as if its start had been recorded', async () => {
    const id = await newRun();
    const a = { runId: id, stepId: 'a', mapKey: '' };
    await repository().attemptStarted(a, 1, 'w1');
    expect(await repository().succeeded(a)).toBeNull();
    const startedAt = new Date('2026-01-01T00:00:00Z');
    await repository().attemptSucceeded(a, 2, { worker: 'w2', startedAt, output: { n: 1 } });
    await repository().attemptSucceeded(a, 2, { worker: 'w2', startedAt, output: { n: 1 } });
    expect(await stepOf(id)).toMatchObject({ status: 'succeeded', output: { n: 1 }, error: null });
    expect(await repository().succeeded(a)).toEqual({ output: { n: 1 } });
    expect((await stepOf(id))?.attempts.map((t) => [t.attempt, t.status, t.worker])).toEqual([
      [1, 'failed', 'w1'],
      [2, 'succeeded', 'w2'],
    ]);
    const told = (await repository().events(id, 0, 100)).map((e) => (e.data as { status?: string }).status);
    expect(told.slice(-2)).toEqual(['running', 'succeeded']);
    expect(told.filter((status) => status === 'succeeded')).toHaveLength(1);

    const b = { runId: id, stepId: 'b', mapKey: '' };
    await repository().apply(id, [{ kind: 'step', stepId: 'b', mapKey: '', status: 'cancelled' }]);
    await repository().attemptSucceeded(b, 1, { worker: 'w1', startedAt, output: 1 });
    expect(await stepOf(id, 'b')).toMatchObject({ status: 'cancelled', output: null });
  });

  it('marks an attempt as lost when another one takes over', async () => {
    const id = await newRun();
    const a = { runId: id, stepId: 'a', mapKey: '' };
    await repository().attemptStarted(a, 1, 'w1');
    await repository().attemptStarted(a, 2, 'w2');
    expect((await stepOf(id))?.attempts[0]).toMatchObject({ status: 'failed', error: { code: 'STEP_CRASHED' } });
  });

  it('never takes a terminal status back, and makes no event of a change that changes nothing', async () => {
    const id = await newRun();
    await repository().apply(id, [{ kind: 'run', status: 'running' }]);
    await repository().apply(id, [{ kind: 'run', status: 'cancelled' }]);
    const events = await repository().events(id, 0, 100);
    await repository().apply(id, [{ kind: 'run', status: 'cancelled' }]);
    await repository().apply(id, [{ kind: 'run', status: 'succeeded' }]);
    expect(await repository().get(id)).toMatchObject({ status: 'cancelled' });
    expect(await repository().events(id, 0, 100)).toEqual(events);
    await repository().apply(id, [{ kind: 'step', stepId: 'b', mapKey: '', status: 'skipped', reason: 'why not' }]);
    await repository().attemptStarted({ runId: id, stepId: 'b', mapKey: '' }, 1, 'late');
    expect(await stepOf(id, 'b')).toMatchObject({ status: 'skipped', reason: 'why not' });
  });

  it('keeps items of a fan-out apart', async () => {
    const id = await newRun();
    for (const mapKey of ['DE', 'FR']) {
      await repository().attemptStarted({ runId: id, stepId: 'a', mapKey }, 1, 'w');
      await repository().attemptFinished({ runId: id, stepId: 'a', mapKey }, 1, {
        status: 'succeeded',
        output: mapKey,
      });
    }
    const items = (await repository().steps(id)).filter((s) => s.mapKey !== '');
    expect(items.map((s) => [s.mapKey, s.output])).toEqual([
      ['DE', 'DE'],
      ['FR', 'FR'],
    ]);
  });

  it('keeps log lines in their order, what text may not hold left out', async () => {
    const id = await newRun();
    const at = new Date().toISOString();
    const a = { runId: id, stepId: 'a', mapKey: '' };
    await repository().log(a, 1, [
      { at, level: 'info', message: 'one\u0000 line' },
      { at, level: 'warn', message: 'größer 🚗' },
    ]);
    const lines = await repository().logs(id, { limit: 10 });
    expect(lines.map((l) => [l.level, l.message])).toEqual([
      ['info', 'one line'],
      ['warn', 'größer 🚗'],
    ]);
    expect(await repository().logs(id, { stepId: 'b', limit: 10 })).toEqual([]);
    expect(await repository().logs(id, { after: lines[0]?.id ?? 0, limit: 10 })).toHaveLength(1);
  });

  it('wakes who watches a run, and only them', async () => {
    const [mine, other] = [await newRun(), await newRun()];
    let woken = 0;
    let wake: () => void = () => {};
    const next = () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      });
    const unwatch = await repository().watch(mine, () => {
      woken += 1;
      wake();
    });
    await repository().apply(other, [{ kind: 'run', status: 'running' }]);
    const first = next();
    await repository().apply(mine, [{ kind: 'run', status: 'running' }]);
    await first;
    expect(woken).toBe(1);
    await unwatch();
  });

  it('finds runs that nobody has taken over', async () => {
    const id = await newRun();
    const found = await repository().queued(new Date(Date.now() + 60_000), 1000);
    expect(found.map((r) => r.id)).toContain(id);
    expect((await repository().queued(new Date(0), 1000)).length).toBe(0);
    await repository().apply(id, [{ kind: 'run', status: 'running' }]);
    expect((await repository().queued(new Date(Date.now() + 60_000), 1000)).map((r) => r.id)).not.toContain(id);
  });
}
