import { describe, expect, it } from 'vitest';
import { ConcurrencyLimit, OverloadError } from '../../../domain/serving/index.ts';
import { ManualTimers, settled } from '../../support/manual-timers.ts';

function setUp(most: number, maxWaitMs = 1000) {
  const timers = new ManualTimers();
  const limit = new ConcurrencyLimit({ most, maxWaitMs, timers });
  const inside: string[] = [];
  const leaves = new Map<string, () => void>();
  /** Enters; the outcome is the name, or the error. */
  const enter = (name: string, signal?: AbortSignal): Promise<unknown> =>
    limit.enter(signal).then(
      (leave) => {
        inside.push(name);
        leaves.set(name, leave);
        return name;
      },
      (error: unknown) => error,
    );
  const leave = async (name: string) => {
    leaves.get(name)!();
    await settled();
  };
  return { timers, limit, inside, enter, leave };
}

describe('ConcurrencyLimit', () => {
  it('lets so many in, and the others in their order', async () => {
    const { limit, inside, enter, leave } = setUp(2);
    void ['a', 'b', 'c', 'd'].map((name) => enter(name));
    await settled();
    expect(inside).toEqual(['a', 'b']);
    expect(limit.waiting).toBe(2);
    await leave('b');
    // A place is given back once.
    await leave('b');
    expect(inside).toEqual(['a', 'b', 'c']);
    await leave('a');
    await leave('c');
    await leave('d');
    expect(inside).toEqual(['a', 'b', 'c', 'd']);
    expect(await enter('e')).toBe('e');
  });

  it('refuses at once whoever would wait longer than the bound, by the pace of those before, and recovers', async () => {
    const { timers, limit, enter, leave } = setUp(1);
    void enter('a');
    void enter('b');
    await settled();
    timers.advance(400);
    await leave('a');
    // A place becomes free every 400 ms: the second in the queue waits 800 ms, the third would wait 1,200.
    void enter('c');
    void enter('d');
    expect(limit.expectedWaitMs).toBe(1200);
    const refused = await enter('e');
    expect(refused).toBeInstanceOf(OverloadError);
    expect(refused).toMatchObject({ code: 'RATE_LIMITED', status: 429, retryAfterSeconds: 2 });
    await leave('b');
    await leave('c');
    await leave('d');
    expect(limit.expectedWaitMs).toBe(0);
    expect(await enter('f')).toBe('f');
  });

  it('measures no pace while nobody waits', async () => {
    const { timers, limit, enter, leave } = setUp(1);
    await enter('a');
    timers.advance(60_000);
    await leave('a');
    await enter('b');
    expect(limit.expectedWaitMs).toBe(0);
    void enter('c');
    timers.advance(10);
    await leave('b');
    expect(limit.expectedWaitMs).toBe(10);
  });

  it('refuses whoever has waited longer than the bound, instead of letting him in', async () => {
    const { timers, limit, enter, leave } = setUp(1);
    await enter('a');
    const late = enter('late');
    timers.advance(500);
    const fresh = enter('fresh');
    timers.advance(501);
    await leave('a');
    expect(await late).toMatchObject({ code: 'RATE_LIMITED' });
    expect(await fresh).toBe('fresh');
    expect(limit.waiting).toBe(0);
  });

  it('frees the place in the queue of whoever goes away', async () => {
    const { limit, inside, enter, leave } = setUp(1);
    await enter('a');
    const stop = new AbortController();
    const gone = enter('gone', stop.signal);
    void enter('b');
    stop.abort();
    expect(await gone).toMatchObject({ code: 'CANCELLED' });
    expect(limit.waiting).toBe(1);
    await leave('a');
    expect(inside).toEqual(['a', 'b']);
    expect(await enter('later', stop.signal)).toMatchObject({ code: 'CANCELLED' });
  });
});
