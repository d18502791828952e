import { describe, expect, it } from 'vitest';
import { holdOut } from '../../../pipelines/translation/hold-out.ts';

const pair = (source: string, target: string) => ({ source, target, domain: '' });

describe('the development set', () => {
  const rows = Array.from({ length: 2000 }, (_, i) => pair(`Sentence ${i % 1500}`, `Satz ${i}`));

  it('shares no source with training, also not one that comes again', () => {
    const { train, dev } = holdOut(rows, 0.1, 1000);
    const learnt = new Set(train.map(({ source }) => source));
    expect(dev.filter(({ source }) => learnt.has(source))).toEqual([]);
    expect(dev.length).toBeGreaterThan(120);
    expect(dev.length).toBeLessThan(280);
  });

  it('is the same when the corpus grows', () => {
    const before = holdOut(rows.slice(0, 1000), 0.1, 1000).dev;
    expect(holdOut(rows, 0.1, 1000).dev.slice(0, before.length)).toEqual(before);
  });

  it('has at most as many pairs as asked for', () => {
    expect(holdOut(rows, 0.5, 10).dev).toHaveLength(10);
  });
});
