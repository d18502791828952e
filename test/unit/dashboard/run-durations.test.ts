import { describe, expect, it } from 'vitest';
import { runStatuses } from '../../../contracts/runs.ts';
import { durationSeries, durationWords } from '../../../dashboard/pages/pipelines/words/run-durations.ts';

const place = (status: (typeof runStatuses)[number]): number => runStatuses.indexOf(status);

describe('how long runs took', () => {
  it('draws runs that have ended by their start, each kind as a series of its own', () => {
    const { ids, times, series, seconds } = durationSeries({
      ids: ['waited', 'first', 'open', 'failed'],
      start: [40, 10, 20, 30],
      seconds: [5, 2, null, 9],
      queuedSeconds: [30, 0, 0, 0],
      status: [place('succeeded'), place('succeeded'), place('running'), place('failed')],
      partition: [null, null, null, null],
      more: false,
    });
    expect(ids).toEqual(['first', 'failed', 'waited']);
    expect(times).toEqual([10, 30, 40]);
    expect(series.map(({ label, values }) => [label, values])).toEqual([
      ['succeeded', [2, null, 5]],
      ['failed', [null, 9, null]],
    ]);
    expect(seconds).toEqual([2, 5]);
  });

  it('says what is usual', () => {
    expect(durationWords([])).toBe('No run succeeded in this time.');
    expect(durationWords([120])).toBe('1 run succeeded, in 2 min.');
    expect(durationWords([60, 120, 180])).toBe('3 runs succeeded, half of them within 2 min.');
    const even = Array.from({ length: 100 }, (_, n) => 60 * (n + 1));
    expect(durationWords(even)).toBe('100 runs succeeded: half of them within 50 min, nine of ten within 1 h 30 min.');
  });
});
