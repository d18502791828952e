import { describe, expect, it } from 'vitest';
import { ModelCache } from '../../../domain/serving/index.ts';
import { settled } from '../../support/manual-timers.ts';

/** A cache of models whose sizes are the numbers in their names. */
function setUp(limit: number, { estimate = true } = {}) {
  const loads: string[] = [];
  const disposed: string[] = [];
  const grown = new Map<string, number>();
  const size = (key: string) => Number(key.replace(/\D/g, ''));
  const cache = new ModelCache<string>({
    limit,
    ...(estimate ? { estimate: size } : {}),
    load: async (key) => {
      loads.push(key);
      await settled();
      if (key.startsWith('broken')) throw new Error('broken');
      return { value: key, bytes: () => grown.get(key) ?? size(key), dispose: () => void disposed.push(key) };
    },
  });
  return { cache, loads, disposed, grown };
}

describe('ModelCache', () => {
  it('loads a model once for all who ask at the same time', async () => {
    const { cache, loads } = setUp(100);
    const leases = await Promise.all([cache.acquire('a10'), cache.acquire('a10'), cache.acquire('a10')]);
    expect(leases.map(({ value }) => value)).toEqual(['a10', 'a10', 'a10']);
    expect(loads).toEqual(['a10']);
    expect(cache.bytes).toBe(10);
  });

  it('drops the one not used for longest when room is needed', async () => {
    const { cache, disposed } = setUp(100);
    for (const key of ['a40', 'b40', 'a40']) await cache.use(key, async () => {});
    await cache.use('c30', async () => {});
    expect(disposed).toEqual(['b40']);
    expect(cache.keys()).toEqual(['a40', 'c30']);
    expect(cache.bytes).toBe(70);
  });

  it.each([true, false])(
    'never drops one in use: loading waits for its release (size known before: %s)',
    async (estimate) => {
      const { cache, disposed } = setUp(100, { estimate });
      const a = await cache.acquire('a60');
      const b = await cache.acquire('b30');
      let got = false;
      const c = cache.acquire('c50').then((lease) => {
        got = true;
        return lease;
      });
      await settled();
      await settled();
      expect(got).toBe(false);
      b.release();
      await settled();
      expect(disposed).toEqual(['b30']);
      expect(got).toBe(false);
      a.release();
      a.release();
      expect((await c).value).toBe('c50');
      expect(disposed).toEqual(['b30', 'a60']);
      expect(cache.bytes).toBe(50);
    },
  );

  it('lets go of those that grew in use', async () => {
    const { cache, disposed, grown } = setUp(100);
    await cache.use('a40', async () => {});
    await cache.use('b40', async () => void grown.set('b40', 70));
    await settled();
    expect(disposed).toEqual(['a40']);
    expect(cache.bytes).toBe(70);
  });

  it('refuses a model that alone is too large', async () => {
    const { cache, loads } = setUp(100);
    await expect(cache.acquire('a101')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(loads).toEqual([]);
    const unknown = setUp(100, { estimate: false });
    await expect(unknown.cache.acquire('a101')).rejects.toThrow('a101 takes');
    expect(unknown.disposed).toEqual(['a101']);
    expect(unknown.cache.bytes).toBe(0);
  });

  it('tries a failed load again, and serves others meanwhile', async () => {
    const { cache, loads } = setUp(100);
    await expect(Promise.all([cache.acquire('broken10'), cache.acquire('broken10')])).rejects.toThrow('broken');
    await expect(cache.acquire('broken10')).rejects.toThrow('broken');
    expect(loads).toEqual(['broken10', 'broken10']);
    expect((await cache.acquire('a10')).value).toBe('a10');
  });

  it('stops waiting when cancelled; the model stays for the next', async () => {
    const { cache, loads } = setUp(100);
    const stop = new AbortController();
    const waiting = cache.acquire('a10', stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await cache.acquire('a10')).value).toBe('a10');
    expect(loads).toEqual(['a10']);
  });

  it('frees all when closed, each after its last use', async () => {
    const { cache, disposed } = setUp(100);
    const lease = await cache.acquire('a10');
    await cache.use('b10', async () => {});
    const closing = cache.close();
    await settled();
    expect(disposed).toEqual(['b10']);
    lease.release();
    await closing;
    expect(disposed).toEqual(['b10', 'a10']);
  });
});
