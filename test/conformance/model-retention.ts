import { createHash, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { ModelRepository, ModelRetention } from '../../domain/ports/models.ts';
import type { RunRepository } from '../../domain/ports/runs.ts';
import type { StepCache } from '../../domain/ports/step-cache.ts';
import { planOf } from '../support/plans.ts';

interface Stores {
  readonly models: ModelRepository;
  readonly modelRetention: ModelRetention;
  readonly runs: RunRepository;
  readonly cache: StepCache;
}

const hour = 3_600_000;
const from = (ms: number): Date => new Date(Date.now() + ms);
/** What was used in the last hour is kept; or: nothing because of its age. */
const keep = { since: from(-hour), protected: ['champion'] };
const forget = { since: from(hour), protected: ['champion'] };

export function modelRetentionConformance(stores: () => Stores): void {
  const refOf = (name: string) => {
    const sha256 = createHash('sha256').update(name).digest('hex');
    return { uri: `artifact:sha256:${sha256}`, sha256, bytes: 1 };
  };
  const add = async (model: string, parts: readonly string[] = []) => {
    const artifact = refOf(randomUUID());
    const files = [{ name: 'model', ...artifact }, ...parts.map((part, i) => ({ name: `p${i}`, ...refOf(part) }))];
    return stores().models.add({
      ...{ model, formatVersion: 1, artifact, files, metrics: {}, lineage: {}, runId: randomUUID() },
    });
  };
  const deletion = { at: new Date().toISOString(), by: 'ada', reason: 'old' };
  const kinds = async (version: Awaited<ReturnType<typeof add>>, how = keep) =>
    (await stores().modelRetention.references(version, how)).map(({ kind }) => kind);
  const runThatNames = async (what: string) => {
    const { run } = await stores().runs.create({
      ...{ id: randomUUID(), pipeline: 'p', params: {}, plan: planOf({ a: {} }) },
      ...{ trigger: { kind: 'api', by: 'test' }, idempotencyKey: null },
    });
    await stores().runs.apply(run.id, [
      { kind: 'step', stepId: 'a', mapKey: '', status: 'succeeded', output: { deep: [{ weights: refOf(what) }] } },
    ]);
    return run.id;
  };

  it('keeps what an alias points at, and what served under a protected one not long ago', async () => {
    const model = randomUUID();
    const [one, two] = [await add(model), await add(model)];
    const set = (alias: string, version: number) => stores().models.setAlias(model, alias, version, 'ada', 'why');
    expect(await kinds(one)).toEqual([]);
    await set('challenger', 1);
    expect(await kinds(one)).toEqual(['alias']);
    await set('challenger', 2);
    expect(await kinds(one)).toEqual([]);
    await set('champion', 1);
    await set('champion', 2);
    expect(await stores().modelRetention.references(one, keep)).toMatchObject([
      { kind: 'history', id: 'champion', why: expect.stringMatching(/^it was the champion until 20/) },
    ]);
    expect(await kinds(one, forget)).toEqual([]);
    expect(await kinds(one, { ...keep, protected: [] })).toEqual([]);
    expect(await kinds(two, forget)).toEqual(['alias', 'alias']);
  });

  it('keeps what runs name that have not ended, or not long ago, and what the step cache names', async () => {
    const part = randomUUID();
    const version = await add(randomUUID(), [part]);
    const run = await runThatNames(part);
    expect(await stores().modelRetention.references(version, forget)).toEqual([
      { kind: 'run', id: run, why: `run ${run} of p names its files and has not ended` },
    ]);
    await stores().runs.apply(run, [{ kind: 'run', status: 'succeeded' }]);
    expect(await kinds(version)).toEqual(['run']);
    expect(await kinds(version, forget)).toEqual([]);
    const key = randomUUID();
    const entry = {
      pipeline: 'p',
      output: { x: refOf(part) },
      from: { runId: run, stepId: 'a', mapKey: '' },
      bytes: 1,
    };
    await stores().cache.put(key, entry);
    expect(await stores().modelRetention.references(version, forget)).toMatchObject([{ kind: 'cache', id: 'p/a' }]);
    await stores().cache.remove(key);
    expect(await kinds(version, forget)).toEqual([]);
  });

  it('marks a version as deleted, keeps its record, and never gives its number again', async () => {
    const model = randomUUID();
    const one = await add(model);
    await stores().models.setAlias(model, 'challenger', 1, 'ada', 'why');
    expect(await stores().modelRetention.remove(one, keep, deletion)).toMatchObject([{ kind: 'alias' }]);
    expect(await stores().models.get(model, 1)).not.toBeNull();
    await stores().models.setAlias(model, 'challenger', null, 'ada', 'why');
    expect(await stores().modelRetention.remove(one, keep, deletion)).toEqual([]);
    expect(await stores().models.get(model, 1)).toBeNull();
    expect(await stores().models.list(model)).toEqual([]);
    expect(await stores().models.get(model, 1, { deleted: true })).toEqual({ ...one, deleted: deletion });
    expect(await stores().models.list(model, { deleted: true })).toHaveLength(1);
    await expect(stores().models.setAlias(model, 'champion', 1, 'ada', 'why')).rejects.toMatchObject({ code: 'GONE' });
    expect(await stores().models.describe(model, 1, { description: 'x' })).toBeNull();
    expect((await add(model)).version).toBe(2);
  });

  it('gives a deleted version its place again when it comes back', async () => {
    const model = randomUUID();
    const one = await add(model);
    await stores().modelRetention.remove(one, keep, deletion);
    await stores().modelRetention.filesRemoved(one, new Date());
    const { runId, artifact, formatVersion, metrics, lineage } = one;
    expect(await stores().models.add({ model, runId, artifact, formatVersion, metrics, lineage })).toEqual(one);
    await stores().modelRetention.filesRemoved(one, new Date());
    expect((await stores().modelRetention.withFilesToRemove()).some((v) => v.id === one.id)).toBe(false);
    expect(await stores().models.get(model, 1)).toEqual(one);
  });

  it('tells which files still have a user, and whose are to be removed', async () => {
    const [shared, own, cached, used] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const model = randomUUID();
    const one = await add(model, [shared, own, cached, used]);
    await add(model, [shared]);
    await stores().modelRetention.remove(one, forget, deletion);
    const run = await runThatNames(used);
    const entry = { pipeline: 'p', output: refOf(cached), from: { runId: run, stepId: 'a', mapKey: '' }, bytes: 1 };
    await stores().cache.put(randomUUID(), entry);
    const hashes = [shared, own, cached, used].map((name) => refOf(name).sha256);
    expect((await stores().modelRetention.stillNamed(hashes)).sort()).toEqual(
      [shared, cached, used].map((name) => refOf(name).sha256).sort(),
    );
    const waiting = async () => (await stores().modelRetention.withFilesToRemove()).map(({ id }) => id);
    expect(await waiting()).toContain(one.id);
    await stores().modelRetention.filesRemoved(one, new Date());
    expect(await waiting()).not.toContain(one.id);
  });

  it('lets no version go while an alias moves to it', async () => {
    const model = randomUUID();
    const versions = await Promise.all(Array.from({ length: 6 }, () => add(model)));
    await Promise.allSettled(
      versions.flatMap((version) => [
        stores().models.setAlias(model, `a${version.version}`, version.version, 'ada', 'why'),
        stores().modelRetention.remove(version, forget, deletion),
      ]),
    );
    for (const { version } of versions) {
      const found = await stores().models.get(model, version, { deleted: true });
      expect(found?.deleted === null).toBe(found?.aliases.length === 1);
    }
  });
}
