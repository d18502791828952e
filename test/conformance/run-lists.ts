import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { RunFilter, RunRepository } from '../../domain/ports/runs.ts';
import { planOf } from '../support/plans.ts';

export function runListConformance(repository: () => RunRepository): void {
  const create = (pipeline: string, more: object = {}) =>
    repository().create({
      id: randomUUID(),
      pipeline,
      params: { day: '2026-01-01' },
      plan: planOf({ a: {} }),
      trigger: { kind: 'schedule', by: 'nightly' },
      idempotencyKey: null,
      ...more,
    });
  const idsOf = async (filter: RunFilter) =>
    (await repository().list(filter, { limit: 100 })).runs.map((run) => run.id);
  const later = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString();

  it('pages through the runs, each once, while new ones arrive', async () => {
    const pipeline = randomUUID();
    // At once, so that some are made in the same millisecond.
    const made = (await Promise.all(Array.from({ length: 23 }, () => create(pipeline)))).map((m) => m.run);
    const seen: { id: string; createdAt: string }[] = [];
    let cursor: string | undefined;
    do {
      const page = await repository().list({ pipeline }, { limit: 5, ...(cursor ? { cursor } : {}) });
      expect(page.runs.length).toBeLessThanOrEqual(5);
      seen.push(...page.runs);
      cursor = page.next ?? undefined;
      if (seen.length === 5) await create(pipeline);
    } while (cursor);
    const known = new Set(made.map((run) => run.id));
    expect(seen.map((run) => run.id).filter((id) => known.has(id))).toHaveLength(23);
    expect(new Set(seen.map((run) => run.id)).size).toBe(seen.length);
    const times = seen.map((run) => run.createdAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('offers no further page when the last one is exactly full', async () => {
    const pipeline = randomUUID();
    await create(pipeline);
    await create(pipeline);
    expect((await repository().list({ pipeline }, { limit: 2 })).next).toBeNull();
    expect((await repository().list({ pipeline }, { limit: 1 })).next).not.toBeNull();
  });

  it('filters by pipeline and status together', async () => {
    const [pipeline, other] = [randomUUID(), randomUUID()];
    const [a, b, c] = [(await create(pipeline)).run, (await create(pipeline)).run, (await create(other)).run];
    await repository().apply(a.id, [{ kind: 'run', status: 'failed' }]);
    await repository().apply(c.id, [{ kind: 'run', status: 'failed' }]);
    expect(await idsOf({ pipeline, status: 'failed' })).toEqual([a.id]);
    expect(await idsOf({ pipeline, status: 'queued' })).toEqual([b.id]);
    expect(await idsOf({ pipeline, status: 'cancelled' })).toEqual([]);
    expect(await idsOf({ pipeline: "' or true --" })).toEqual([]);
  });

  it('filters by time, from inclusive, to exclusive', async () => {
    const pipeline = randomUUID();
    const { id, createdAt } = (await create(pipeline)).run;
    expect(await idsOf({ pipeline, from: createdAt })).toEqual([id]);
    expect(await idsOf({ pipeline, from: later(createdAt, 1) })).toEqual([]);
    expect(await idsOf({ pipeline, to: createdAt })).toEqual([]);
    expect(await idsOf({ pipeline, from: createdAt, to: later(createdAt, 1) })).toEqual([id]);
  });

  it.each([
    '',
    'x',
    Buffer.from('["only one"]').toString('base64url'),
    Buffer.from('{"at":1}').toString('base64url'),
    Buffer.from('["not a time","x"]').toString('base64url'),
  ])('refuses the cursor %j as the caller’s fault', async (cursor) => {
    await expect(repository().list({}, { limit: 1, cursor })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('gives the earlier run for a key used again, whatever the order of the parameters', async () => {
    const key = { idempotencyKey: randomUUID() };
    const pipeline = randomUUID();
    const first = await create(pipeline, { ...key, params: { market: 'DE', rate: { a: 0.1, b: [1, 2] } } });
    const again = await create(pipeline, { ...key, params: { rate: { b: [1, 2], a: 0.1 }, market: 'DE' } });
    expect(again).toEqual({ run: first.run, created: false });
    expect(await repository().steps(first.run.id)).toHaveLength(1);
    expect(await repository().events(first.run.id, 0, 10)).toHaveLength(1);
    expect(await idsOf({ pipeline })).toEqual([first.run.id]);
  });

  it('never answers with another pipeline’s run for the same key', async () => {
    const key = { idempotencyKey: randomUUID() };
    const [one, two] = [randomUUID(), randomUUID()];
    const first = await create(one, key);
    const second = await create(two, key).catch((error: { code?: string }) => error.code);
    expect([undefined, 'IDEMPOTENCY_CONFLICT']).toContain(typeof second === 'string' ? second : undefined);
    if (typeof second === 'object') expect(second.run).toMatchObject({ pipeline: two });
    expect(await idsOf({ pipeline: one })).toEqual([first.run.id]);
  });

  it('makes a run of its own of each request without a key', async () => {
    const pipeline = randomUUID();
    const made = [await create(pipeline), await create(pipeline)];
    expect(made.map((m) => m.created)).toEqual([true, true]);
    expect(await repository().get(randomUUID())).toBeNull();
    expect(await repository().steps(randomUUID())).toEqual([]);
  });
}
