import { createHash, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { KeyRepository } from '../../domain/ports/keys.ts';

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** @param repository one without keys. */
export function keyConformance(repository: () => KeyRepository): void {
  const create = (hash = hashOf(randomUUID()), expiresAt: Date | null = null) =>
    repository().create({ name: 'ada', role: 'operator', hash, expiresAt });

  it('counts the keys, the revoked ones too, so that a first key is made once only', async () => {
    expect(await repository().count()).toBe(0);
    const key = await create();
    await repository().revoke(key.id);
    expect(await repository().count()).toBe(1);
  });

  it('finds a key by its hash alone, and gives the hash to nobody', async () => {
    const hash = hashOf('secret');
    const expires = new Date('2030-01-02T03:04:05.678Z');
    const key = await create(hash, expires);
    expect(await repository().byHash(hash)).toEqual(key);
    expect(key).toMatchObject({
      name: 'ada',
      role: 'operator',
      expiresAt: expires.toISOString(),
      revokedAt: null,
      lastUsedAt: null,
    });
    expect(JSON.stringify([key, await repository().list()])).not.toContain(hash);
    for (const other of [hashOf('Secret'), hash.slice(0, -1), '', '%', `${hash} `, key.id])
      expect(await repository().byHash(other)).toBeNull();
  });

  it('takes a hash once', async () => {
    const hash = hashOf('twice');
    const first = await create(hash);
    await expect(create(hash)).rejects.toThrow();
    expect(await repository().byHash(hash)).toEqual(first);
  });

  it('revokes one key, keeps the time it was first revoked, and says when there is none', async () => {
    const [hash, otherHash] = [hashOf('a'), hashOf('b')];
    const [key, other] = [await create(hash), await create(otherHash)];
    expect(await repository().revoke(key.id)).toBe(true);
    const revoked = await repository().byHash(hash);
    expect(Date.parse(revoked?.revokedAt ?? '')).not.toBeNaN();
    expect(await repository().revoke(key.id)).toBe(true);
    expect(await repository().byHash(hash)).toEqual(revoked);
    expect(await repository().byHash(otherHash)).toEqual(other);
    expect(await repository().revoke(randomUUID())).toBe(false);
  });

  it('notes that a key was used and nothing else; one that is gone is no error', async () => {
    const hash = hashOf('used');
    const key = await create(hash);
    await repository().touch(key.id);
    await repository().touch(randomUUID());
    const used = await repository().byHash(hash);
    expect(Date.parse(used?.lastUsedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(key.createdAt));
    expect({ ...used, lastUsedAt: null }).toEqual(key);
  });

  it('lists every key, the newest first', async () => {
    const key = await create();
    const keys = await repository().list();
    expect(keys).toHaveLength(await repository().count());
    expect(keys).toContainEqual(key);
    const times = keys.map((k) => k.createdAt);
    expect(times).toEqual([...times].sort().reverse());
  });
}
