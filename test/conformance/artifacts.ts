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

/** @param age makes a stored artifact so many milliseconds older. */
export function artifactRemovalConformance(
  store: () => ArtifactStore,
  age: (ref: ArtifactRef, ms: number) => void,
): void {
  const bytesOf = async (stream: AsyncIterable<Uint8Array>) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const source = async function* (content: Buffer) {
    for (let at = 0; at < content.length; at += 10_000) yield content.subarray(at, at + 10_000);
  };

  it('streams what it was given', async () => {
    const content = randomBytes(300_000);
    const ref = await store().putBytes(content);
    expect((await bytesOf(await store().getStream(ref))).equals(content)).toBe(true);
    await expect(store().getStream({ ...ref, sha256: 'cd'.repeat(32) })).rejects.toMatchObject({
      code: 'ARTIFACT_MISSING',
    });
  });

  it('has nothing of what is staged until all of it is, and then all', async () => {
    const [one, two] = [randomBytes(50_000), randomBytes(50_000)];
    const stage = store().stage();
    const refs = [await stage.putStream(source(one)), await stage.putStream(source(two))] as const;
    expect(await store().has(refs[0])).toBe(false);
    expect(Buffer.from(await stage.getBytes(refs[0])).equals(one)).toBe(true);
    await stage.commit();
    await stage.discard();
    expect(Buffer.from(await store().getBytes(refs[0])).equals(one)).toBe(true);
    expect(Buffer.from(await store().getBytes(refs[1])).equals(two)).toBe(true);
  });

  it('forgets what is discarded, and leaves what it had', async () => {
    const [old, fresh] = [randomBytes(1000), randomBytes(1000)];
    const kept = await store().putBytes(old);
    const stage = store().stage();
    expect(await stage.putStream(source(old))).toEqual(kept);
    const gone = await stage.putStream(source(fresh));
    expect(Buffer.from(await stage.getBytes(kept)).equals(old)).toBe(true);
    await stage.discard();
    expect(await store().has(gone)).toBe(false);
    expect(Buffer.from(await store().getBytes(kept)).equals(old)).toBe(true);
  });

  it('removes what is old, but nothing that was stored again since', async () => {
    const content = randomBytes(1000);
    const ref = await store().putBytes(content);
    const hourAgo = new Date(Date.now() - 3_600_000);
    expect(await store().remove(ref, hourAgo)).toBe(false);
    expect(Buffer.from(await store().getBytes(ref)).equals(content)).toBe(true);
    age(ref, 7_200_000);
    await store().putBytes(content);
    expect(await store().remove(ref, hourAgo)).toBe(false);
    age(ref, 7_200_000);
    expect(await store().remove(ref, hourAgo)).toBe(true);
    expect(await store().has(ref)).toBe(false);
    expect(await store().remove(ref, hourAgo)).toBe(true);
  });

  it('has what stays all the while that its removal is asked for', async () => {
    const ref = await store().putBytes(randomBytes(1000));
    const hourAgo = new Date(Date.now() - 3_600_000);
    const seen: boolean[] = [];
    const asking = (async () => {
      for (let i = 0; i < 200; i++) expect(await store().remove(ref, hourAgo)).toBe(false);
    })();
    let done = false;
    void asking.finally(() => {
      done = true;
    });
    while (!done) seen.push(await store().has(ref));
    await asking;
    expect(new Set(seen)).toEqual(new Set([true]));
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
