import { expect, it } from 'vitest';
import { rememberKeys } from '../../../api/plugins/known-keys.ts';
import type { ApiKey } from '../../../contracts/keys.ts';

/** Keys over one that is known, with what was asked of the repository beneath. */
function setUp() {
  const asked: string[] = [];
  let now = 0;
  let key: ApiKey = {
    id: 'a',
    name: 'sales',
    role: 'viewer',
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
  };
  const keys = rememberKeys(
    {
      create: () => Promise.reject(new Error('not here')),
      list: async () => [key],
      count: async () => 1,
      async byHash(hash) {
        asked.push(hash);
        return hash === 'known' ? key : null;
      },
      async revoke() {
        key = { ...key, revokedAt: '2026-01-02T00:00:00.000Z' };
        return true;
      },
      async touch(id) {
        asked.push(`touch ${id}`);
      },
    },
    { now: () => new Date(now) },
  );
  return {
    keys,
    asked,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it('asks once a second for a key, however many requests there are', async () => {
  const { keys, asked, pass } = setUp();
  const both = await Promise.all([keys.byHash('known'), keys.byHash('known')]);
  expect(both.map((key) => key?.id)).toEqual(['a', 'a']);
  pass(999);
  await keys.byHash('known');
  expect(asked).toEqual(['known']);
  pass(1);
  await keys.byHash('known');
  expect(asked).toEqual(['known', 'known']);
});

it('remembers no hash that is no key', async () => {
  const { keys, asked } = setUp();
  for (let i = 0; i < 2; i++) expect(await keys.byHash('other')).toBeNull();
  expect(asked).toEqual(['other', 'other']);
});

it('forgets a key that is revoked here at once', async () => {
  const { keys } = setUp();
  expect((await keys.byHash('known'))?.revokedAt).toBeNull();
  await keys.revoke('a');
  expect((await keys.byHash('known'))?.revokedAt).not.toBeNull();
});

it('writes the last use once for all requests that share a look-up', async () => {
  const { keys, asked, pass } = setUp();
  await Promise.all([keys.touch('a'), keys.touch('a'), keys.touch('b')]);
  expect(asked).toEqual(['touch a', 'touch b']);
  pass(1000);
  await keys.touch('a');
  expect(asked).toEqual(['touch a', 'touch b', 'touch a']);
});
