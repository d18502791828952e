import { describe, expect, it } from 'vitest';
import { promotion } from '../../../domain/registry/promotion.ts';

function promote(mean: number, lower95: number, upper95: number, championUsable = true) {
  return promotion({ difference: { mean, lower95, upper95 }, championUsable, metric: 'NDCG@10' });
}

describe('promotion', () => {
  it.each([true, false])('takes the first version (champion usable: %s)', (championUsable) =>
    expect(promotion({ difference: null, championUsable, metric: 'NDCG@10' })).toEqual({
      promote: true,
      reason: 'there was no champion to compare with',
    }),
  );

  it('never takes one whose run may not promote, and says how good it is', () => {
    const held = { championUsable: true, metric: 'BLEU', mode: 'never' } as const;
    expect(promotion({ difference: { mean: 2, lower95: 1, upper95: 3 }, ...held })).toEqual({
      promote: false,
      reason:
        'its run may not promote (promote = never); BLEU +2.0000 against the champion (95 % between +1.0000 and +3.0000)',
    });
    expect(promotion({ difference: null, ...held }).promote).toBe(false);
  });

  it('brings a version that is better in by a rollout where the run says so, and only such a one', () => {
    const by = { championUsable: true, metric: 'BLEU', mode: 'rollout' } as const;
    const better = promotion({ difference: { mean: 2, lower95: 1, upper95: 3 }, ...by });
    expect(better).toMatchObject({ promote: false, rollout: true, reason: expect.stringContaining('better beyond') });
    const same = promotion({ difference: { mean: 0, lower95: -1, upper95: 1 }, ...by });
    expect(same).toEqual({ promote: false, reason: expect.stringContaining('not better') });
    expect(promotion({ difference: null, ...by })).toMatchObject({ promote: true });
  });

  it('takes a version that is better beyond chance, with the numbers', () =>
    expect(promote(0.0123, 0.00456, 0.02)).toEqual({
      promote: true,
      reason: 'better beyond chance: NDCG@10 +0.0123 against the champion (95 % between +0.0046 and +0.0200)',
    }));

  it.each([
    ['at the threshold', 0.01, 0, 0.02],
    ['whose bound is just below', 0.01, -1e-9, 0.02],
    ['that may be better', 0.01, -0.005, 0.025],
    ['that is worse', -0.03, -0.05, -0.01],
    ['that is the same', 0, 0, 0],
  ])('keeps the champion against a version %s', (_, mean, lower, upper) => {
    const { promote: taken, reason } = promote(mean, lower, upper);
    expect(taken).toBe(false);
    expect(reason).toMatch(/^not better beyond chance: NDCG@10 /);
  });

  it('takes a version just above the threshold', () => expect(promote(0.01, 1e-9, 0.02).promote).toBe(true));

  it('shows losses with a minus sign', () =>
    expect(promote(-0.03, -0.05, -0.01).reason).toContain('−0.0300 against the champion (95 % between −0.0500 and'));

  it('takes even a worse version when the champion cannot be used, and says why', () =>
    expect(promote(-0.03, -0.05, -0.01, false)).toEqual({
      promote: true,
      reason:
        'the champion has seen later data and cannot be used here; NDCG@10 −0.0300 against the champion (95 % between −0.0500 and −0.0100)',
    }));
});
