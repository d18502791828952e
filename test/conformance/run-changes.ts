import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import type { RunChange } from '../../contracts/activities.ts';
import type { RunRepository } from '../../domain/ports/runs.ts';
import { planOf } from '../support/plans.ts';

export function runChangeConformance(repository: () => RunRepository): void {
  let id: string;
  beforeEach(async () => {
    id = randomUUID();
    await repository().create({
      id,
      pipeline: 'p',
      params: {},
      plan: planOf({ a: {}, b: { needs: ['a'] } }),
      trigger: { kind: 'cli', by: 'test' },
      idempotencyKey: null,
    });
  });
  const a = (mapKey = '') => ({ runId: id, stepId: 'a', mapKey });
  const stepOf = async (mapKey = '') =>
    (await repository().steps(id)).find((s) => s.stepId === 'a' && s.mapKey === mapKey);
  const events = (after = 0, limit = 1000) => repository().events(id, after, limit);
  const lost = { code: 'STEP_CRASHED', message: 'gone' } as const;

  it('applies all changes or none', async () => {
    const before = await events();
    const unstorable = { kind: 'step', stepId: 'b', mapKey: '', status: null } as unknown as RunChange;
    await expect(repository().apply(id, [{ kind: 'run', status: 'running' }, unstorable])).rejects.toThrow();
    expect(await repository().get(id)).toMatchObject({ status: 'queued', startedAt: null });
    expect(await events()).toEqual(before);
  });

  it('changes nothing when a whole batch is applied again', async () => {
    const batch: RunChange[] = [
      { kind: 'run', status: 'running' },
      { kind: 'step', stepId: 'a', mapKey: '', status: 'succeeded', output: { rows: 2 } },
      { kind: 'step', stepId: 'b', mapKey: 'DE', status: 'failed', error: lost },
      { kind: 'step', stepId: 'b', mapKey: '', status: 'skipped', reason: 'why not' },
      { kind: 'run', status: 'failed', error: lost },
    ];
    await repository().apply(id, batch);
    const state = async () => [await repository().get(id), await repository().steps(id), await events()];
    const first = await state();
    await repository().apply(id, batch);
    expect(await state()).toEqual(first);
    expect(first[0]).toMatchObject({ status: 'failed', error: lost });
    expect(await repository().outputs(id, ['a', 'b', 'none'])).toEqual({ a: { rows: 2 }, b: null, none: null });
  });

  it('makes no second event of a step that is running already', async () => {
    const running: RunChange[] = [
      { kind: 'step', stepId: 'a', mapKey: '', status: 'running', progress: { done: 1, total: 9, unit: 'markets' } },
    ];
    await repository().apply(id, running);
    const first = await events();
    await repository().apply(id, running);
    expect(await events()).toEqual(first);
  });

  it('keeps the one end of a run that many report at once', async () => {
    const ends = ['succeeded', 'failed', 'cancelled'] as const;
    await Promise.all(ends.map((status) => repository().apply(id, [{ kind: 'run', status }])));
    const told = (await events()).map((e) => e.data as { status: string }).filter((d) => d.status !== 'queued');
    expect(told).toHaveLength(1);
    expect(await repository().get(id)).toMatchObject({ status: told[0]?.status });
  });

  it('leaves out what an earlier execution says again after the run was restarted', async () => {
    const end: RunChange[] = [
      { kind: 'step', stepId: 'a', mapKey: '', status: 'cancelled' },
      { kind: 'run', status: 'cancelled' },
    ];
    await repository().apply(id, end, 1);
    const reset = [{ stepId: 'a', items: 'failed' as const }];
    await repository().restart(id, { execution: 1, reset, skip: [], by: 'ann' });
    await repository().apply(id, end, 1);
    expect(await repository().get(id)).toMatchObject({ status: 'queued', execution: 2 });
    expect((await stepOf())?.status).toBe('pending');
    await repository().apply(id, end, 2);
    expect((await repository().get(id))?.status).toBe('cancelled');
  });

  it('leaves a step alone that was to go on and had succeeded', async () => {
    await repository().attemptStarted(a(), 1, 'w1');
    await repository().attemptFinished(a(), 1, { status: 'succeeded', output: 'made' });
    const reset = { kind: 'reset', stepId: 'a', reason: 'stopped' } as const;
    await repository().apply(id, [{ ...reset, keepsSuccess: true }]);
    expect(await stepOf()).toMatchObject({ status: 'succeeded', output: 'made' });
    await repository().apply(id, [reset]);
    expect(await stepOf()).toMatchObject({ status: 'pending', output: null });
  });

  it('keeps what a step ended with when a lost attempt answers late', async () => {
    await repository().attemptStarted(a(), 1, 'w1');
    await repository().apply(id, [{ kind: 'step', stepId: 'a', mapKey: '', status: 'failed', error: lost }]);
    const before = await stepOf();
    await repository().progress(a(), { done: 5, total: 5, unit: 'rows' });
    await repository().attemptFinished(a(), 1, { status: 'succeeded', output: 'late' });
    expect({ ...(await stepOf()), attempts: [] }).toEqual({ ...before, attempts: [] });
    expect(await repository().outputs(id, ['a'])).toEqual({ a: null });
  });

  // Who follows a run's events must not see another end than who reads its steps.
  it('tells in its last event of a step what the step’s record says', async () => {
    await repository().attemptStarted(a(), 1, 'w1');
    await repository().apply(id, [{ kind: 'step', stepId: 'a', mapKey: '', status: 'cancelled' }]);
    await repository().attemptStarted(a(), 2, 'w2');
    await repository().attemptFinished(a(), 2, { status: 'succeeded', output: 1 });
    const last = (await events()).findLast((e) => e.type === 'step');
    expect(last?.data).toMatchObject({ stepId: 'a', status: (await stepOf())?.status });
  });

  it('hands out events and log lines page by page, each once, in their order', async () => {
    const at = '2026-01-01T00:00:00.000Z';
    for (const mapKey of ['DE', 'FR', 'IT']) {
      const lines = [1, 2].map((n) => ({ at, level: 'info' as const, message: `${mapKey} ${n}` }));
      await repository().log(a(mapKey), 1, lines);
      await repository().metrics(a(mapKey), { loss: 0.5 });
    }
    const pages = async <T extends { id: number }>(read: (after: number) => Promise<T[]>): Promise<T[]> => {
      const all: T[] = [];
      for (let page = await read(0); page.length > 0; page = await read(all.at(-1)?.id ?? 0)) all.push(...page);
      return all;
    };
    expect(await pages((after) => events(after, 2))).toEqual(await events());
    expect((await events()).map((e) => e.type)).toEqual(['run', 'log', 'metric', 'log', 'metric', 'log', 'metric']);
    const lines = await pages((after) => repository().logs(id, { after, limit: 4 }));
    expect(lines.map((l) => l.message)).toEqual(['DE 1', 'DE 2', 'FR 1', 'FR 2', 'IT 1', 'IT 2']);
    expect(lines[0]).toMatchObject({ at, stepId: 'a', mapKey: 'DE', attempt: 1, level: 'info' });
  });

  it('shows a woken watcher the event it was woken for, and leaves in peace who stopped watching', async () => {
    let stopped = 0;
    await (await repository().watch(id, () => stopped++))();
    const seen = new Promise<number>((resolve, reject) => {
      // What was notified before may still be on its way and wake too.
      const isOurs = (all: readonly unknown[]) => all.length > 1 && resolve(all.length);
      const onWake = () => void events().then(isOurs, reject);
      void repository()
        .watch(id, onWake)
        .then(() => repository().metrics(a(), { loss: 1 }))
        .catch(reject);
    });
    expect(await seen).toBe(2);
    expect(stopped).toBe(0);
  });

  it('wakes who came after a watcher that stopped twice', async () => {
    const stop = await repository().watch(id, () => {});
    await stop();
    await new Promise<void>((woken, reject) => {
      void repository()
        .watch(id, woken)
        .then(stop)
        .then(() => repository().metrics(a(), { loss: 1 }))
        .catch(reject);
    });
  });
}
