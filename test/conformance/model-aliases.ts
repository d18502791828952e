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

  it('keeps one entry of a change that many make at once', async () => {
    const { model, set } = await twoVersions();
    await set('champion', 1);
    await Promise.all(Array.from({ length: 6 }, () => set('champion', 2)));
    expect((await repository().history(model, 'champion')).map((c) => c.version)).toEqual([2, 1]);
  });
}
