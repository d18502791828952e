import { beforeAll, describe, expect, it } from 'vitest';
import type { JudgedMention } from '../../../domain/assortment-gap/context.ts';
import { trainUsage, type UsageModel, usageOf, usedIn } from '../../../domain/assortment-gap/usage.ts';
import { Random, silentHooks } from '../../../domain/nlp/index.ts';

const boughtHere = 0.4;
const frames = {
  used: 'Our guests love the mugs.',
  unused: 'We no longer sell the mugs.',
  phrase: 'The mugs of rain.',
};
type Frame = keyof typeof frames;

/** A mention whose link says nothing: what stands around it has to tell. */
function mentionIn(frame: Frame): Pick<JudgedMention, 'sentence' | 'mention'> {
  const sentence = frames[frame];
  const start = sentence.indexOf('mugs');
  return {
    sentence,
    mention: { product: 0, start, end: start + 4, score: 0.9, features: new Array<number>(12).fill(0.5) },
  };
}

let model: UsageModel;

/** Of what is used a share is bought here; some products are bought by many customers anyway, of whom many write a phrase. */
beforeAll(async () => {
  const random = new Random(2);
  const mentions = Array.from({ length: 6000 }, (_, i): JudgedMention => {
    const frame = (['used', 'unused', 'phrase'] as const)[i % 3] as Frame;
    const expected = frame === 'phrase' ? 0.4 : 0.05;
    const chance = frame === 'used' ? expected + (1 - expected) * boughtHere : expected;
    return { customer: i, bought: random.next() < chance, expected, ...mentionIn(frame) };
  });
  model = await trainUsage(mentions, 1, silentHooks());
});

describe('whether a product is used', () => {
  it('is told by what stands around it, without a label', () => {
    expect(usedIn(model, mentionIn('used'))).toBeGreaterThan(0.85);
    expect(usedIn(model, mentionIn('unused'))).toBeLessThan(0.15);
  });

  it('is not told by purchases that happen anyway', () => {
    expect(usedIn(model, mentionIn('phrase'))).toBeLessThan(0.15);
    expect(model.boughtHere).toBeCloseTo(boughtHere, 1);
  });

  it('is less likely of what is not bought', () => {
    const mention = mentionIn('unused');
    expect(usageOf(model, mention)).toBeLessThan(usedIn(model, mention));
  });
});
