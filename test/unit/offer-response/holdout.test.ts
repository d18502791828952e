import { describe, expect, it } from 'vitest';
import { expectedMargin, isHeldOut, offerReason, qini } from '../../../domain/offer-response/index.ts';

const customers = Array.from({ length: 20_000 }, (_, i) => String(12_000 + i));

describe('holdout', () => {
  it('has the share asked for, of any campaign', () => {
    for (const [campaign, share] of [
      ['France 2026-06-30', 0.1],
      ['Spain 2026-06-30', 0.25],
    ] as const) {
      const held = customers.filter((c) => isHeldOut(c, { campaign, seed: 1, share })).length;
      expect(held / customers.length).toBeGreaterThan(share - 0.01);
      expect(held / customers.length).toBeLessThan(share + 0.01);
    }
    expect(customers.some((c) => isHeldOut(c, { campaign: 'x', seed: 1, share: 0 }))).toBe(false);
    expect(customers.every((c) => isHeldOut(c, { campaign: 'x', seed: 1, share: 1 }))).toBe(true);
  });

  it('is the same for ever, and another one for another campaign or seed', () => {
    const first = customers.slice(0, 200).filter((c) => isHeldOut(c, { campaign: 'a', seed: 1 }));
    // Stored holdouts are measured later: these customers must not change with the software.
    expect(first.slice(0, 3)).toMatchInlineSnapshot(`
      [
        "12004",
        "12014",
        "12072",
      ]
    `);
    expect(customers.slice(0, 200).filter((c) => isHeldOut(c, { campaign: 'b', seed: 1 }))).not.toEqual(first);
    expect(customers.slice(0, 200).filter((c) => isHeldOut(c, { campaign: 'a', seed: 2 }))).not.toEqual(first);
  });

  it('refuses a share that is none', () => {
    expect(() => isHeldOut('1', { campaign: 'a', seed: 1, share: 10 })).toThrow('holdout share: 10');
  });
});

describe('expected margin', () => {
  it('counts what a sale brings, what had come anyway, and the discount given away', () => {
    const money = { price: 10, unitCost: 6, quantity: 2 };
    expect(expectedMargin(money, 0.1, 0.5, 0.2)).toEqual({
      margin: 0.5 * 3 * 2,
      incremental: 0.5 * 3 * 2 - 0.2 * 4 * 2,
      spend: 0.5 * 1 * 2,
      revenue: 0.5 * 9 * 2,
      marginShare: 3 / 9,
    });
    // A sure thing costs money.
    expect(expectedMargin(money, 0.1, 0.9, 0.9).incremental).toBeLessThan(0);
  });
});

describe('reasons', () => {
  it('say what the offer does, and what is known', () => {
    const facts = {
      discount: 0.1,
      probability: 0.42,
      without: 0.2,
      incremental: 3.456,
      daysSinceBought: 12,
      pastOffers: 5,
      pastSales: 3,
    };
    expect(offerReason(facts)).toBe(
      '10 % off raises the chance of a sale from 20 % to 42 %, worth 3.46 of margin; the customer last bought it 12 days ago and took 3 of 5 past offers',
    );
    expect(offerReason({ ...facts, daysSinceBought: null, pastOffers: 0 })).toMatch(/never bought it here$/);
  });
});

describe('qini', () => {
  it('is the area of an example worked by hand, and of its reverse', () => {
    // Four offered and four held out by turns; sales only of offers to the first half.
    const treated = Uint8Array.of(1, 0, 1, 0, 1, 0, 1, 0);
    const sale = Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 0);
    const score = Float64Array.of(8, 7, 6, 5, 4, 3, 2, 1);
    const found = qini({ score, treated, sale });
    // Gains .25 .25 .5 .5 … from 0: area by trapezia 3.25 / 8; a random order has .25.
    expect(found).toMatchObject({ uplift: 0.5, coefficient: expect.closeTo(3.25 / 8 - 0.25, 12) });
    expect(qini({ score: score.map((s) => -s), treated, sale }).coefficient).toBeLessThan(-0.1);
  });
});
