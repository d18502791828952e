import { describe, expect, it } from 'vitest';
import { createLandingTracker, parsePattern } from '../../../domain/events/landing.ts';

const file = (path: string, size = 10, modifiedMs = 0) => ({
  path,
  size,
  modifiedMs,
  version: `${size}-${modifiedMs}`,
});
const tracker = (more: object = {}) =>
  createLandingTracker({ settleSeconds: 5, markerOnly: false, pattern: null, ...more });
const paths = (found: { landed: { path: string }[] }) => found.landed.map(({ path }) => path);

describe('what lands in a folder', () => {
  it('is given once, when it has stayed the same for as long as said', () => {
    const folder = tracker();
    expect(folder.look([file('a.csv')], 0)).toEqual({ landed: [], waitMs: 5000 });
    expect(paths(folder.look([file('a.csv')], 4999))).toEqual([]);
    expect(paths(folder.look([file('a.csv')], 5000))).toEqual(['a.csv']);
    expect(paths(folder.look([file('a.csv')], 99_000))).toEqual([]);
  });

  it('waits while it grows, and counts again when it is replaced', () => {
    const folder = tracker();
    folder.look([file('a.csv', 10)], 0);
    expect(paths(folder.look([file('a.csv', 20, 4)], 6000))).toEqual([]);
    expect(paths(folder.look([file('a.csv', 20, 4)], 11_000))).toEqual(['a.csv']);
    folder.look([file('a.csv', 20, 50_000)], 60_000);
    expect(paths(folder.look([file('a.csv', 20, 50_000)], 65_000))).toEqual(['a.csv']);
  });

  it('is given at once when a marker says that it is complete', () => {
    const folder = tracker({ markerOnly: true });
    expect(folder.look([file('DE/a.csv', 1, 5)], 0)).toEqual({ landed: [], waitMs: null });
    expect(paths(folder.look([file('DE/a.csv', 1, 5), file('DE/a.csv.done', 0, 6)], 1))).toEqual(['DE/a.csv']);
    expect(paths(folder.look([file('FR/b.csv', 1, 5), file('FR/_SUCCESS', 0, 6)], 2))).toEqual(['FR/b.csv']);
  });

  it('is not what writers have yet to finish', () => {
    const folder = tracker({ settleSeconds: 0 });
    const names = ['.a.csv', '_tmp/a.csv', 'a.csv.part', 'a.csv~', 'b.tmp', 'good.csv'].map((name) => file(name));
    folder.look(names, 0);
    expect(paths(folder.look(names, 1))).toEqual(['good.csv']);
  });

  it('is given at once where a store shows only what is complete, and again when its content is another', () => {
    const store = createLandingTracker({ settleSeconds: 5, markerOnly: false, pattern: null }, { isAtomic: true });
    const object = (version: string) => ({ ...file('a.csv'), version });
    expect(paths(store.look([object('e1')], 0))).toEqual(['a.csv']);
    expect(paths(store.look([object('e1')], 1))).toEqual([]);
    expect(paths(store.look([object('e2')], 2))).toEqual(['a.csv']);
  });

  it('is given again when announcing it did not work', () => {
    const folder = tracker({ settleSeconds: 0 });
    folder.look([file('a')], 0);
    const { landed } = folder.look([file('a')], 1);
    folder.forget(landed);
    expect(paths(folder.look([file('a')], 2))).toEqual(['a']);
  });
});

describe('the pattern of a watch', () => {
  it.each([
    ['{market}/{date}.csv', 'DE/2026-01-02.csv', { market: 'DE', date: '2026-01-02' }],
    ['{market}/{date}.csv', 'DE/deep/2026-01-02.csv', null],
    ['**/{date}.csv', 'a/b/2026.csv', { date: '2026' }],
    ['*.csv', 'a+b.csv', {}],
    ['a.csv', 'abcsv', null],
  ])('%s over %s', (pattern, path, found) => {
    expect(parsePattern(pattern)(path)).toEqual(found);
  });

  it('is refused with what is wrong in it', () => {
    expect(() => parsePattern('{}.csv')).toThrow('{}');
    expect(() => parsePattern('{a}/{a}')).toThrow('{a}');
  });
});
