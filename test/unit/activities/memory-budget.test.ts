import { describe, expect, it } from 'vitest';
import { memoryBudget } from '../../../activities/memory-budget.ts';

/** Work that goes on until it is told to end, and the order in which it begins. */
function bench(limitMiB: number) {
  const budget = memoryBudget(limitMiB);
  const begun: string[] = [];
  const waited: string[] = [];
  const ends = new Map<string, () => void>();
  const begin = (name: string, mib: number, signal: AbortSignal = new AbortController().signal): Promise<void> =>
    budget.hold(mib, { signal, waits: (free) => waited.push(`${name} ${free}`) }, () => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    });
  return { begin, begun, waited, end: (name: string) => ends.get(name)?.() };
}

describe('memory of a worker', () => {
  it('lets in what fits together, the others in their order when something ends', async () => {
    const { begin, begun, waited, end } = bench(1000);
    const first = begin('first', 600);
    const large = begin('large', 700);
    // It would fit, and waits behind the one that came before it.
    const small = begin('small', 300);
    expect(begun).toEqual(['first']);
    expect(waited).toEqual(['large 400', 'small 400']);
    end('first');
    await first;
    expect(begun).toEqual(['first', 'large', 'small']);
    end('large');
    end('small');
    await Promise.all([large, small]);
  });

  it('lets one that needs more than there is go alone', async () => {
    const { begin, begun, end } = bench(1000);
    const first = begin('first', 100);
    const huge = begin('huge', 4000);
    expect(begun).toEqual(['first']);
    end('first');
    await first;
    expect(begun).toEqual(['first', 'huge']);
    const last = begin('last', 100);
    expect(begun).toEqual(['first', 'huge']);
    end('huge');
    await huge;
    expect(begun).toEqual(['first', 'huge', 'last']);
    end('last');
    await last;
  });

  it('is given back by work that fails', async () => {
    const budget = memoryBudget(1000);
    const options = { signal: new AbortController().signal, waits: () => {} };
    await expect(budget.hold(1000, options, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await budget.hold(1000, options, () => Promise.resolve('done'))).toBe('done');
  });

  it('forgets one that is stopped while it waits, and lets in those behind it', async () => {
    const { begin, begun, end } = bench(1000);
    const first = begin('first', 600);
    const stop = new AbortController();
    const stopped = begin('stopped', 600, stop.signal);
    const behind = begin('behind', 400);
    stop.abort(new Error('cancelled'));
    await expect(stopped).rejects.toThrow('cancelled');
    expect(begun).toEqual(['first', 'behind']);
    await expect(begin('too late', 1, stop.signal)).rejects.toThrow('cancelled');
    end('first');
    end('behind');
    await Promise.all([first, behind]);
  });

  it.each([
    ['without a limit', 0, 5000],
    ['for work that states none', 1000, 0],
  ])('is not waited for %s', async (_name, limit, mib) => {
    const { begin, begun, end } = bench(limit);
    const all = ['a', 'b', 'c'].map((name) => begin(name, mib));
    expect(begun).toEqual(['a', 'b', 'c']);
    for (const name of begun) end(name);
    await Promise.all(all);
  });
});
