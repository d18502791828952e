import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { ModelRepository } from '../../domain/ports/models.ts';

export function modelConformance(repository: () => ModelRepository): void {
  const add = (model: string, sha256: string = randomUUID(), runId = 'r1') =>
    repository().add({
      model,
      formatVersion: 1,
      artifact: { uri: `artifact:${sha256}`, sha256, bytes: 10 },
      metrics: { ndcg: 0.3 },
      lineage: { run: runId },
      runId,
    });

  it('counts the versions of each model from 1', async () => {
    const model = randomUUID();
    expect((await add(model)).version).toBe(1);
    expect((await add(model)).version).toBe(2);
    expect((await add(randomUUID())).version).toBe(1);
    expect((await repository().list(model)).map((m) => m.version)).toEqual([2, 1]);
  });

  it('gives every one of many at once a version of its own', async () => {
    const model = randomUUID();
    const made = await Promise.all(Array.from({ length: 8 }, () => add(model)));
    expect(made.map((m) => m.version).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('gives a repeated attempt the version it made before', async () => {
    const model = randomUUID();
    const first = await add(model, 'same');
    expect(await add(model, 'same')).toEqual(first);
    expect((await add(model, 'same', 'r2')).version).toBe(2);
  });

  it('answers what served when, and why', async () => {
    const model = randomUUID();
    await add(model);
    await add(model);
    await repository().setAlias(model, 'champion', 1, 'run r1', 'first');
    await repository().setAlias(model, 'champion', 2, 'ada', 'better');
    expect(await repository().byAlias(model, 'champion')).toMatchObject({ version: 2, aliases: ['champion'] });
    expect(await repository().get(model, 1)).toMatchObject({ aliases: [] });
    expect((await repository().history(model)).map((c) => [c.version, c.by, c.reason])).toEqual([
      [2, 'ada', 'better'],
      [1, 'run r1', 'first'],
    ]);
  });

  it('keeps files, signature, facts and what people say', async () => {
    const model = randomUUID();
    const artifact = { uri: 'artifact:sha256:m', sha256: 'm', bytes: 10 };
    const files = [
      { name: 'model', ...artifact },
      { name: 'weights', uri: 'artifact:sha256:w', sha256: 'w', bytes: 20 },
    ];
    const field = { name: 'x', type: 'float32', shape: 'rows', means: 'A thing.' };
    const signature = { inputs: [field], outputs: [field] };
    const facts = {
      title: 'M',
      use: ['All.'],
      limits: [],
      metrics: { f1: { title: 'F1', better: 'higher' as const } },
    };
    const added = await repository().add({
      ...{ model, formatVersion: 1, artifact, files, signature, facts, runId: 'r1' },
      ...{ metrics: { f1: 0.5 }, lineage: {}, description: 'The first', labels: { team: 'sales' } },
    });
    expect(added).toMatchObject({ files, signature, facts, description: 'The first', labels: { team: 'sales' } });
    expect(added).toMatchObject({ runId: 'r1', deleted: null });
    expect(await repository().get(model, 1)).toEqual(added);
    const labels = { team: null, stage: 'pilot' };
    const changed = { ...added, description: 'Tried out', labels: { stage: 'pilot' } };
    expect(await repository().describe(model, 1, { description: 'Tried out', labels })).toEqual(changed);
    expect(await repository().describe(model, 1, {})).toEqual(changed);
    expect(await repository().describe(model, 2, { description: 'x' })).toBeNull();
  });

  it('has the artifact as the only file where none were named', async () => {
    const { artifact, files } = await add(randomUUID());
    expect(files).toEqual([{ name: 'model', ...artifact }]);
  });

  it('points no alias at a version that is not there', async () => {
    const model = randomUUID();
    await add(model);
    await expect(repository().setAlias(model, 'champion', 7, 'ada', 'x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await repository().byAlias(model, 'champion')).toBeNull();
    expect(await repository().history(model)).toEqual([]);
    expect(await repository().get(model, 7)).toBeNull();
  });
}
