import { describe, expect, it } from 'vitest';
import type { ModelVersion } from '../../../contracts/models.ts';
import { gapFormat } from '../../../domain/assortment-gap/index.ts';
import { planGaps } from '../../../pipelines/offers/gap/champion.ts';
import { modelVersion } from '../../support/models.ts';

const champion = (given: Partial<ModelVersion> = {}): ModelVersion =>
  modelVersion({
    model: 'offers-assortment-gaps',
    version: 3,
    formatVersion: gapFormat,
    lineage: { asOf: '2026-06-01', batch: 'b2' },
    aliases: ['champion'],
    ...given,
  });
const known = new Map([
  ['b1', 500],
  ['b2', 460],
]);
const auto = { train: 'auto', asOf: '2026-06-20' } as const;

describe('the model of assortment gaps', () => {
  it('goes on while few sentences are new to it, which changed ones are too', () => {
    const plan = planGaps(champion(), new Map([...known, ['b3', 40]]), auto);
    expect(plan).toMatchObject({ learn: false, champion: { version: 3 } });
    expect(plan.reason).toBe('version 3 is 19 days old, and 4.0 % of the sentences are new to it');
  });

  it.each([
    ['there is none', null, known, auto, 'no model yet'],
    [
      'enough sentences are new to it',
      champion(),
      new Map([...known, ['b3', 60]]),
      auto,
      '5.9 % of the sentences are new',
    ],
    ['it is old', champion(), known, { ...auto, asOf: '2026-06-29' }, '28 days old'],
    ['the run asks for it', champion(), known, { ...auto, train: 'always' }, 'train = always'],
    ['it has seen what is to be predicted', champion(), known, { ...auto, asOf: '2026-05-31' }, 'after 2026-05-31'],
    ['this code cannot read it', champion({ formatVersion: 99 }), known, auto, 'another format'],
  ] as const)('is learned anew when %s', (_, before, sentences, run, reason) => {
    expect(planGaps(before, sentences, run)).toMatchObject({ learn: true, reason: expect.stringContaining(reason) });
  });

  it('goes on however old when the run may not train; then a day before it has none', () => {
    const never = { train: 'never', asOf: '2026-12-01' } as const;
    expect(planGaps(champion(), known, never)).toMatchObject({ learn: false, champion: { version: 3 } });
    expect(planGaps(champion(), known, { ...never, asOf: '2026-01-01' })).toMatchObject({
      learn: false,
      champion: null,
    });
  });
});
