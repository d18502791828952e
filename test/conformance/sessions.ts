import { createHash, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { KeyRepository, SessionRepository } from '../../domain/ports/keys.ts';

const newHash = (): string => createHash('sha256').update(randomUUID()).digest('hex');
const [past, future] = [new Date(0), new Date('2999-01-01')];

/** Sessions of browsers. */
export function sessionConformance(repositories: () => { keys: KeyRepository; sessions: SessionRepository }): void {
  const open = async () => {
    const { keys, sessions } = repositories();
    const key = await keys.create({ name: 'ada', role: 'operator', hash: newHash(), expiresAt: null });
    const hash = newHash();
    await sessions.open({ hash, keyId: key.id });
    return { sessions, keys, key, hash };
  };

  it('finds the key that a session was opened with, while it was seen of late', async () => {
    const { sessions, key, hash } = await open();
    expect(await sessions.find(hash, past)).toMatchObject({ key, lastSeenAt: expect.stringMatching(/Z$/) });
    expect(await sessions.find(hash, future)).toBeNull();
    expect(await sessions.find(newHash(), past)).toBeNull();
  });

  it('sees what became of the key', async () => {
    const { sessions, keys, key, hash } = await open();
    await keys.revoke(key.id);
    expect((await sessions.find(hash, past))?.key.revokedAt).not.toBeNull();
  });

  it('notes that a session was seen', async () => {
    const { sessions, hash } = await open();
    const before = await sessions.find(hash, past);
    await sessions.touch(hash);
    const after = await sessions.find(hash, past);
    expect(Date.parse(after?.lastSeenAt ?? '')).toBeGreaterThanOrEqual(Date.parse(before?.lastSeenAt ?? ''));
  });

  it('ends one session and leaves others; ending again is no error', async () => {
    const [first, second] = [await open(), await open()];
    await first.sessions.end(first.hash);
    await first.sessions.end(first.hash);
    expect(await first.sessions.find(first.hash, past)).toBeNull();
    expect(await first.sessions.find(second.hash, past)).not.toBeNull();
  });

  it('forgets those that were not seen for long', async () => {
    const { sessions, hash } = await open();
    expect(await sessions.forget(past)).toBe(0);
    expect(await sessions.find(hash, past)).not.toBeNull();
    expect(await sessions.forget(future)).toBeGreaterThan(0);
    expect(await sessions.find(hash, past)).toBeNull();
  });
}
