import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { ArtifactStore, CheckpointStore } from '../../domain/ports/artifacts.ts';
import type { Lake } from '../../domain/ports/lake.ts';

/** @param corrupt changes a stored artifact behind the store's back. */
export function artifactCrashConformance(store: () => ArtifactStore, corrupt: (ref: ArtifactRef) => void): void {
  it('refuses content that was changed but kept its length', async () => {
    const ref = await store().putBytes(Buffer.from('content'));
    corrupt(ref);
    await expect(store().getBytes(ref)).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT', retry: false });
  });

  // What ARTIFACT_CORRUPT tells people to do.
  it('is whole again when the step that made the content runs again', async () => {
    const content = Buffer.from('a model');
    const ref = await store().putBytes(content);
    corrupt(ref);
    expect(await store().putBytes(content)).toEqual(ref);
    expect(String(await store().getBytes(ref))).toBe('a model');
  });

  it('says that a file to store is not there', async () => {
    await expect(store().putFile('/nowhere/at/all')).rejects.toThrow('/nowhere/at/all');
  });
}

/** @param tear leaves behind what a process that died while it saved leaves. */
export function checkpointCrashConformance(store: () => CheckpointStore, tear: (key: string) => void): void {
  it('loads the last whole checkpoint after a save that died, and saves again', async () => {
    await store().save('run/step', Buffer.from('epoch 1'));
    tear('run/step');
    tear('run/first');
    expect(String(await store().load('run/step'))).toBe('epoch 1');
    expect(await store().load('run/first')).toBeNull();
    await store().save('run/step', Buffer.from('epoch 2'));
    expect(String(await store().load('run/step'))).toBe('epoch 2');
  });

  it('keeps the last checkpoint when a save is refused', async () => {
    await store().save('k', Buffer.from('whole'));
    await expect(store().save('k', 7 as unknown as Uint8Array)).rejects.toThrow();
    expect(String(await store().load('k'))).toBe('whole');
  });
}

/** Enough files that removing them takes a while. */
const parts = 100;
const write = (text: string) => async (folder: string) => {
  for (let n = 0; n < parts; n++) writeFileSync(join(folder, `part-${n}.parquet`), text);
  return { rows: parts };
};
/** Names of the files of a partition; none when it was replaced meanwhile. */
const filesOf = (uri: string): string[] => {
  try {
    return readdirSync(dirname(uri));
  } catch {
    return [];
  }
};
const textOf = (uri = ''): string[] => [
  ...new Set(filesOf(uri).map((name) => readFileSync(join(dirname(uri), name), 'utf8'))),
];

/** @param lake an empty lake whose uris are local paths. */
export function lakeCrashConformance(lake: () => Lake): void {
  it('shows the old partition, or none, as long as a writer has not ended', async () => {
    await lake().replace('slow', { market: 'DE' }, write('old'));
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const reached = ['DE', 'FR'].map((market) => {
      let writing: Promise<unknown> = Promise.resolve();
      const started = new Promise<void>((resolve) => {
        writing = lake().replace('slow', { market }, async (folder) => {
          const result = await write('new')(folder);
          resolve();
          await released;
          return result;
        });
      });
      return { started, writing };
    });
    await Promise.all(reached.map((r) => r.started));
    const [only, ...others] = await lake().list('slow');
    expect(others).toEqual([]);
    expect(textOf(only?.uri)).toEqual(['old']);
    release();
    await Promise.all(reached.map((r) => r.writing));
    expect((await lake().list('slow')).map((p) => textOf(p.uri))).toEqual([['new'], ['new']]);
  });

  // A reader that finds a partition gone lists again; one that finds a part of it would compute with that.
  it('shows readers a partition whole or not at all while it is replaced', async () => {
    await lake().replace('busy', { market: 'DE' }, write('0'));
    let done = false;
    const writing = (async () => {
      for (let n = 1; n <= 25; n++) await lake().replace('busy', { market: 'DE' }, write(String(n)));
    })().finally(() => {
      done = true;
    });
    const seen = new Set<number>();
    while (!done) {
      const found = await lake().list('busy');
      expect(found).toHaveLength(1);
      let files: number;
      do {
        await new Promise((resolve) => setImmediate(resolve));
        files = filesOf(found[0]?.uri ?? '').length;
        seen.add(files);
      } while (files === parts && !done);
    }
    await writing;
    seen.delete(0);
    expect([...seen]).toEqual([parts]);
  });

  it('sorts by the keys as people read them', async () => {
    const markets = ['Österreich', 'United-X', 'United Kingdom', 'EIRE', 'Côte d’Ivoire', 'Cyprus'];
    for (const market of markets) await lake().replace('sorted', { market }, write('x'));
    const found = (await lake().list('sorted')).map((p) => p.partition['market']);
    expect(found).toEqual([...markets].sort());
  });

  it('removes one partition and not those named alike', async () => {
    for (const market of ['DE', 'DE-2', '../DE', 'de']) await lake().replace('alike', { market }, write('x'));
    await lake().remove('alike', { market: 'DE' });
    const left = (await lake().list('alike')).map((p) => p.partition['market']);
    expect(left.sort()).toEqual(['../DE', 'DE-2', 'de']);
  });
}
