import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { ModelRepository } from '../../domain/ports/models.ts';

export function modelAliasConformance(repository: () => ModelRepository): void {
  const twoVersions = async () => {
    const model = randomUUID();
    for (const sha256 of ['1', '2']) {
      const artifact = { uri: `artifact:sha256:${sha256}`, sha256, bytes: 1 };
      await repository().add({ model, formatVersion: 1, artifact, metrics: {}, lineage: {}, runId: 'r' });
    }
    const set = (alias: string, version: number) => repository().setAlias(model, alias, version, 'ada', 'why');
    return { model, set };
  };

  it('keeps the history of each alias, without changes that changed nothing', async () => {
    const { model, set } = await twoVersions();
    await set('champion', 1);
    await set('challenger', 1);
    await set('champion', 1);
    expect([...((await repository().get(model, 1))?.aliases ?? [])].sort()).toEqual(['challenger', 'champion']);
    await set('champion', 2);
    expect((await repository().history(model, 'champion')).map((c) => c.version)).toEqual([2, 1]);
    expect((await repository().history(model, 'challenger')).map((c) => c.version)).toEqual([1]);
    expect(await repository().history(model)).toHaveLength(3);
    expect((await repository().list(model)).map((m) => m.aliases)).toEqual([['champion'], ['challenger']]);
    expect((await repository().list()).filter((m) => m.model === model)).toHaveLength(2);
  });

  it('moves an alias only from where it was expected', async () => {
    const { model } = await twoVersions();
    const set = (version: number | null, expected: number | null) =>
      repository().setAlias(model, 'champion', version, 'ada', 'why', { expected });
    await expect(set(1, 2)).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('no version') });
    await set(1, null);
    await expect(set(2, null)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `The alias "champion" of model "${model}" points at version 1, not at no version as expected.`,
    });
    await set(2, 1);
    expect(await repository().history(model)).toHaveLength(2);
  });

  it('lets one of two win that move an alias from the same place', async () => {
    const { model } = await twoVersions();
    const set = (version: number) => repository().setAlias(model, 'champion', version, 'x', 'why', { expected: null });
    const ends = await Promise.allSettled([set(1), set(2)]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await repository().history(model)).toHaveLength(1);
  });

  it('removes an alias, and remembers', async () => {
    const { model, set } = await twoVersions();
    await set('champion', 1);
    const options = { runId: 'r9', decisionId: 'd9' };
    await repository().setAlias(model, 'champion', null, 'ada', 'it is wrong', options);
    expect(await repository().byAlias(model, 'champion')).toBeNull();
    expect(await repository().history(model)).toMatchObject([
      { version: null, kind: 'remove', reason: 'it is wrong', ...options },
      { version: 1, kind: 'set', runId: null, decisionId: null },
    ]);
    await repository().setAlias(model, 'champion', null, 'ada', 'again');
    expect(await repository().history(model)).toHaveLength(2);
  });

  it('keeps one entry of a change that many make at once', async () => {
    const { model, set } = await twoVersions();
    await set('champion', 1);
    await Promise.all(Array.from({ length: 6 }, () => set('champion', 2)));
    expect((await repository().history(model, 'champion')).map((c) => c.version)).toEqual([2, 1]);
  });
}
