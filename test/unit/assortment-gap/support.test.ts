import { describe, expect, it } from 'vitest';
import { PurchaseSupport } from '../../../domain/assortment-gap/support.ts';
import { Random } from '../../../domain/nlp/index.ts';

/** Words of mentions of which the customers buy what they expect to, and a share of the rest. */
function counted(): (word: string) => number {
  const random = new Random(1);
  const support = new PurchaseSupport();
  const kinds = [
    { words: ['becher', 'tasse', 'kanne', 'krug'], beyond: 0.4 },
    { words: ['wetter', 'sonne'], beyond: 0 },
  ];
  for (const { words, beyond } of kinds) {
    for (const word of words) {
      for (let i = 0; i < 400; i++) {
        const expected = random.next() / 2;
        support.add([word, word], { bought: random.next() < expected + (1 - expected) * beyond, expected });
      }
    }
  }
  support.add(['selten'], { bought: false, expected: 0.01 });
  return support.shares();
}

describe('how far purchases bear words out', () => {
  const share = counted();

  it('is as far as usual where who writes a word buys what it is taken for', () => {
    for (const word of ['becher', 'tasse', 'kanne', 'krug']) expect(share(word)).toBeGreaterThan(0.8);
  });

  it('is nearly not at all where they buy it as often as their other purchases let expect', () => {
    for (const word of ['wetter', 'sonne']) expect(share(word)).toBeLessThan(0.25);
  });

  it('is not doubted of a word that nobody writes, and hardly of one that is written once', () => {
    expect(share('nirgends')).toBe(1);
    expect(share('selten')).toBeGreaterThan(0.8);
  });

  it('is never more than usual, and never below nothing', () => {
    const few = new PurchaseSupport();
    for (let i = 0; i < 50; i++) few.add(['einkauf'], { bought: false, expected: 0.9 });
    expect(few.shares()('einkauf')).toBe(0);
    expect(Math.max(...['becher', 'tasse', 'kanne', 'krug'].map(share))).toBe(1);
  });
});
