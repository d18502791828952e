import { describe, expect, it } from 'vitest';
import { MicroBatcher, type MicroBatcherOptions, OverloadError } from '../../../domain/serving/index.ts';
import { ManualTimers, settled } from '../../support/manual-timers.ts';

/** A batcher over numbers (their own sizes) whose batches end when told to; a result is the item's double. */
function setUp(options: Partial<MicroBatcherOptions<number, number>> = {}) {
  const timers = new ManualTimers();
  const batches: number[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  const batcher = new MicroBatcher<number, number>({
    size: (item) => item,
    timers,
    windowMs: 5,
    ...options,
    run: (batch) => {
      batches.push([...batch]);
      return new Promise((resolve, reject) => {
        ends.push((error) => (error ? reject(error) : resolve(batch.map((item) => 2 * item))));
      });
    },
  });
  const end = async (index: number, error?: Error) => {
    ends[index]!(error);
    await settled();
  };
  return { batcher, batches, timers, end };
}

describe('MicroBatcher', () => {
  it('waits for company for as long as the window, and gives everyone its own results in order', async () => {
    const { batcher, batches, timers, end } = setUp();
    const a = batcher.submit([3, 9]);
    timers.advance(4);
    const b = batcher.submit([4]);
    expect(batches).toEqual([]);
    timers.advance(1);
    expect(batches.map((batch) => batch.toSorted((x, y) => x - y))).toEqual([[3, 4, 9]]);
    await end(0);
    expect(await a).toEqual([6, 18]);
    expect(await b).toEqual([8]);
  });

  it('does not wait when a batch is full, nor when one has ended', async () => {
    const { batcher, batches, timers, end } = setUp({ maxItems: 2 });
    const full = batcher.submit([1, 1]);
    expect(batches).toHaveLength(1);
    const next = batcher.submit([5]);
    timers.advance(60);
    // The only slot is taken.
    expect(batches).toHaveLength(1);
    await end(0);
    expect(batches).toEqual([[1, 1], [5]]);
    await end(1);
    expect(await Promise.all([full, next])).toEqual([[2, 2], [10]]);
  });

  it('computes the next batch while results are given out, a few in a turn of the event loop', async () => {
    const { batcher, batches, end } = setUp({ maxItems: 20 });
    const done: number[] = [];
    for (let i = 0; i < 20; i++) void batcher.submit([i]).then(() => done.push(i));
    void batcher.submit([7]);
    await end(0);
    expect(batches).toHaveLength(2);
    expect(done.length).toBeLessThan(20);
    while (done.length < 20) await settled();
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('computes as many batches at a time as it may', async () => {
    const { batcher, batches, end } = setUp({ maxItems: 1, concurrency: 2 });
    const all = batcher.submit([1, 2, 3]);
    expect(batches).toEqual([[1], [2]]);
    await end(1);
    expect(batches).toEqual([[1], [2], [3]]);
    await end(0);
    await end(2);
    expect(await all).toEqual([2, 4, 6]);
  });

  it('puts items of about equal size together, and never more than the most size with padding', () => {
    const { batcher, batches, timers } = setUp({ maxItems: 3, maxSize: 30, concurrency: 9 });
    void batcher.submit([10, 2]);
    timers.advance(1);
    void batcher.submit([11, 3, 9, 2, 10]).catch(() => {});
    timers.advance(5);
    const padded = batches.map((batch) => batch.length * Math.max(...batch));
    expect(Math.max(...padded)).toBeLessThanOrEqual(30);
    const waste = batches.reduce((sum, b) => sum + b.length * Math.max(...b) - b.reduce((s, x) => s + x, 0), 0);
    expect(waste).toBeLessThanOrEqual(6);
  });

  it('takes an item that alone exceeds the most size', () => {
    const { batcher, batches, timers } = setUp({ maxSize: 10 });
    void batcher.submit([50, 2]);
    timers.advance(5);
    expect(batches[0]).toEqual([50]);
  });

  it('does not let long requests, however many, delay a short one by more than two batches', async () => {
    const { batcher, batches, end } = setUp({ maxItems: 4 });
    for (let i = 0; i < 10; i++) void batcher.submit(Array.from({ length: 50 }, () => 7));
    for (let b = 0; b < 12; b++) await end(b);
    const short = batcher.submit([20]);
    await end(12);
    await end(13);
    expect(batches.slice(13, 15).flat()).toContain(20);
    await end(14);
    expect(await short).toEqual([40]);
  });

  it('goes on with a long request while short ones keep coming', async () => {
    const { batcher, batches, end } = setUp({ maxItems: 1 });
    void batcher.submit([9, 9, 9, 9]);
    for (let b = 0; b < 8; b++) {
      void batcher.submit([1]);
      await end(b);
    }
    expect(batches.flat().filter((item) => item === 9).length).toBe(4);
  });

  it('shares batches among requests of the same length of queue', async () => {
    const { batcher, batches, end } = setUp({ maxItems: 4 });
    const one = Array.from({ length: 20 }, () => 5);
    void batcher.submit(one);
    void batcher.submit(one.map(() => 6));
    await end(0);
    await end(1);
    const later = batches.slice(1).flat();
    expect(later.filter((item) => item === 6).length).toBeGreaterThanOrEqual(3);
    expect(later.filter((item) => item === 5).length).toBeGreaterThanOrEqual(1);
  });

  it('refuses what does not fit into the queue, whole, and says when to come again', async () => {
    const { batcher, timers, end } = setUp({ maxItems: 10, maxWaiting: 20, maxWaitMs: 60_000 });
    void batcher.submit(Array.from({ length: 10 }, () => 1));
    timers.advance(8000);
    await end(0);
    void batcher.submit(Array.from({ length: 10 }, () => 1));
    void batcher.submit(Array.from({ length: 15 }, () => 1));
    expect(batcher.waiting).toBe(15);
    const refused = await batcher.submit([1, 1, 1, 1, 1, 1]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(OverloadError);
    // 10 items took 8 s; as many are computed, 15 wait.
    expect(refused).toMatchObject({ code: 'RATE_LIMITED', status: 429, retryAfterSeconds: 20 });
    expect(batcher.waiting).toBe(15);
    void batcher.submit([1, 1, 1, 1, 1]);
    expect(batcher.waiting).toBe(20);
  });

  it('refuses a request that would wait too long, but not for the length of another', async () => {
    const { batcher, timers, end } = setUp({ maxItems: 10, maxWaitMs: 1500 });
    void batcher.submit(Array.from({ length: 10 }, () => 1));
    timers.advance(1000);
    await end(0);
    // An item takes 100 ms, the batch under way a second. A document takes minutes, but a sentence shares the turns with it.
    void batcher.submit(Array.from({ length: 1000 }, () => 1));
    for (let i = 0; i < 5; i++) void batcher.submit([1]);
    await expect(batcher.submit([1])).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 2 });
    await expect(batcher.submit(Array.from({ length: 100 }, () => 1))).rejects.toMatchObject({ retryAfterSeconds: 12 });
    // Whoever asks ahead hears the same; the batch under way counts for less as it goes on.
    expect(batcher.overload(1)).toMatchObject({ retryAfterSeconds: 2 });
    timers.advance(900);
    expect(batcher.expectedWaitMs(1)).toBeCloseTo(700);
    expect(batcher.overload(1)).toBeUndefined();
  });

  it('expects long items to take long', async () => {
    const { batcher, timers, end } = setUp({ maxItems: 1 });
    void batcher.submit([10]);
    timers.advance(100);
    await end(0);
    void batcher.submit([20]);
    expect(batcher.expectedWaitMs(1)).toBeCloseTo(200);
    void batcher.submit([50, 50]);
    expect(batcher.expectedWaitMs(1)).toBeCloseTo(700);
    expect(batcher.expectedWaitMs(2)).toBeCloseTo(1200);
  });

  it('shares the wait among the slots', async () => {
    const { batcher, timers, end } = setUp({ maxItems: 1, concurrency: 2 });
    void batcher.submit([10, 10]);
    timers.advance(100);
    await end(0);
    expect(batcher.expectedWaitMs(1)).toBe(0);
    void batcher.submit([10, 10, 10]);
    // One slot has 100 ms to go (the other should be done by now), and two wait.
    expect(batcher.expectedWaitMs(2)).toBeCloseTo(150);
  });

  it('never refuses what belongs to a request that was let in', async () => {
    const { batcher, timers, end } = setUp({ maxItems: 1, maxWaiting: 1 });
    void batcher.submit([1]);
    timers.advance(5);
    void batcher.submit([1]);
    await expect(batcher.submit([1])).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    const goesOn = batcher.submit([4], { admitted: true });
    for (let b = 0; b < 3; b++) await end(b);
    expect(await goesOn).toEqual([8]);
  });

  it('takes the waiting items of a cancelled request out, and leaves the others', async () => {
    const { batcher, batches, timers, end } = setUp();
    const stop = new AbortController();
    const cancelled = batcher.submit([1, 2], { signal: stop.signal });
    const other = batcher.submit([3]);
    stop.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(batcher.waiting).toBe(1);
    timers.advance(5);
    expect(batches).toEqual([[3]]);
    await end(0);
    expect(await other).toEqual([6]);
    await expect(batcher.submit([1], { signal: stop.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('fails the requests of a failed batch only, and goes on', async () => {
    const { batcher, batches, end } = setUp({ maxItems: 2 });
    const failing = batcher.submit([1, 1, 1]);
    const other = batcher.submit([8]);
    const outcome = failing.catch((error: Error) => error.message);
    await end(0, new Error('no memory'));
    expect(await outcome).toBe('no memory');
    expect(batches.slice(1).flat()).toEqual([8]);
    await end(1);
    expect(await other).toEqual([16]);
    expect(batcher.waiting).toBe(0);
  });

  it('answers nothing with nothing', async () => {
    const { batcher, batches } = setUp();
    expect(await batcher.submit([])).toEqual([]);
    expect(batches).toEqual([]);
  });
});
