import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { ArtifactStore, CheckpointStore } from '../../domain/ports/artifacts.ts';

/** @param corrupt changes a stored artifact behind the store's back. */
export function artifactConformance(store: () => ArtifactStore, corrupt: (ref: ArtifactRef) => void): void {
  it('gives back what it was given, and the same reference for the same content', async () => {
    const content = randomBytes(300_000);
    const ref = await store().putBytes(content);
    expect(ref.bytes).toBe(content.length);
    expect(Buffer.from(await store().getBytes(ref)).equals(content)).toBe(true);
    const file = join(mkdtempSync(join(tmpdir(), 'perennial-artifact-')), 'a');
    writeFileSync(file, content);
    expect(await store().putFile(file)).toEqual(ref);
    expect(readFileSync(await store().getFile(ref)).equals(content)).toBe(true);
  });

  it('takes a stream, and keeps nothing of one that breaks off', async () => {
    const content = randomBytes(200_000);
    async function* stream(breaks: boolean) {
      yield content.subarray(0, 150_000);
      if (breaks) throw new Error('the sender is gone');
      yield content.subarray(150_000);
    }
    await expect(store().putStream(stream(true))).rejects.toThrow('the sender is gone');
    const ref = await store().putStream(stream(false));
    expect(ref).toEqual(await store().putBytes(content));
  });

  it('holds content of no bytes', async () => {
    const ref = await store().putBytes(new Uint8Array());
    expect(ref.bytes).toBe(0);
    expect(await store().getBytes(ref)).toHaveLength(0);
  });

  it('takes the same content from many at once', async () => {
    const content = randomBytes(100_000);
    const refs = await Promise.all(Array.from({ length: 8 }, () => store().putBytes(content)));
    expect(new Set(refs.map((r) => r.sha256)).size).toBe(1);
    expect(await store().has(refs[0] as ArtifactRef)).toBe(true);
  });

  it('says what is missing, and never hands out what was changed', async () => {
    const ref = await store().putBytes(randomBytes(1000));
    const missing = { ...ref, sha256: 'ab'.repeat(32) };
    expect(await store().has(missing)).toBe(false);
    await expect(store().getBytes(missing)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    corrupt(ref);
    await expect(store().getBytes(ref)).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
    await expect(store().getFile(ref)).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
  });
}

export function checkpointConformance(store: () => CheckpointStore): void {
  it('keeps the newest content of a key until it is removed', async () => {
    expect(await store().load('run/step')).toBeNull();
    await store().save('run/step', Buffer.from('one'));
    await store().save('run/step', Buffer.from('two'));
    await store().save('../odd key/ü', Buffer.from('other'));
    expect(String(await store().load('run/step'))).toBe('two');
    await store().remove('run/step');
    await store().remove('run/step');
    expect(await store().load('run/step')).toBeNull();
    expect(String(await store().load('../odd key/ü'))).toBe('other');
  });

  it('shows a reader the old or the new content, never a part', async () => {
    const [a, b] = [Buffer.alloc(500_000, 'a'), Buffer.alloc(500_000, 'b')];
    await store().save('k', a);
    const writing = (async () => {
      for (let i = 0; i < 20; i++) await store().save('k', i % 2 ? a : b);
    })();
    let done = false;
    void writing.finally(() => {
      done = true;
    });
    while (!done) {
      const seen = Buffer.from((await store().load('k')) ?? []);
      expect(seen.equals(a) || seen.equals(b)).toBe(true);
    }
    await writing;
  });
}
