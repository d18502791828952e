import { describe, expect, it } from 'vitest';
import { usualSpend } from '../../../domain/recommend/forecast/spend.ts';
import { forecaster, historyBefore, judgeLists, levelOf } from '../../../domain/recommend/index.ts';
import { plantedWorld } from './planted-lists.ts';
import { type Row, salesBefore, table } from './sales.ts';

describe('usual spend', () => {
  // Three German customers spend 10 on product 0, a French one 80; only customer 0 buys product 1.
  const sales = table(
    [
      [100, 0, 0, 10],
      [100, 1, 0, 10],
      [100, 2, 0, 10],
      [100, 3, 0, 80],
      [95, 0, 1, 4],
      [96, 0, 1, 4],
      [60, 0, 1, 32],
      [110, 4, 0, 999],
    ],
    [0, 0, 0, 1, 0],
    3,
  );
  const usual = usualSpend(sales, historyBefore(sales, 101), 30);

  it('is what is usual in the market for who has not bought a product, and knows nothing of later days', () => {
    expect(usual.of(4, 0)).toBeCloseTo(10, 6);
    // One buyer is no market: those of all markets speak.
    expect(usual.of(3, 1)).toBeGreaterThan(0);
    expect(usual.of(0, 2)).toBe(0);
  });

  it('averages a customer’s own windows, amounts within one added up, with what others of its size spend', () => {
    // 8 and 32 in two windows: 16 on a log scale; nobody else buys it, so the prior is 16 too, at the customer's size.
    expect(usual.of(0, 1)).toBeCloseTo(16, 6);
  });

  it('grows with the size of a customer', () => {
    const big = table(
      [0, 1, 2, 3].flatMap((c) => [0, 1, 2, 3].map((p): Row => [50 + p, c, p, c === 3 ? 40 : 10])),
      [0, 0, 0, 0],
      6,
    );
    const more = table(
      [
        ...[...big.day].map((d, r): Row => [d, big.customer[r]!, big.product[r]!, big.price[r]!]),
        [60, 0, 5, 10],
        [60, 1, 5, 10],
        [60, 2, 5, 10],
      ],
      [0, 0, 0, 0],
      6,
    );
    const of = usualSpend(more, historyBefore(more, 70), 30);
    expect(of.of(3, 5)).toBeGreaterThan(1.5 * of.of(0, 5));
    expect(of.of(3, 5)).toBeLessThan(40);
  });
});

describe('what is expected of lists', () => {
  const { sales, lists, truth, asOfDay, toDay } = plantedWorld();
  const history = historyBefore(sales, asOfDay);
  const found = judgeLists(sales, history, { all: lists, fresh: lists }, { toDay, k: 5, seed: 1 });
  const level = levelOf(lists);
  const levels = { all: level, fresh: level };

  it('is right: probabilities at every level, and revenue in all and by market', () => {
    const { calibrationError, bins, expected, realised, markets, bought, rows } = found.all;
    expect(rows).toBe(lists.length);
    expect(bins).toHaveLength(10);
    expect(calibrationError).toBeLessThan(0.1 * (bought / rows));
    expect(expected / realised).toBeGreaterThan(0.9);
    expect(expected / realised).toBeLessThan(1.1);
    expect(Object.keys(markets)).toEqual(['DE', 'FR']);
    expect(markets['DE']!.realised + markets['FR']!.realised).toBeCloseTo(realised, 3);
    for (const market of Object.values(markets)) {
      expect(market.expected / market.realised).toBeCloseTo(1, 0);
      expect(market.calibrationError).toBeGreaterThan(0);
      expect(market.calibrationError).toBeLessThan(0.15 * (bought / rows));
    }
  });

  it('tells customers that order often from those that do not, though scores compare one customer’s products only', () => {
    const forecast = forecaster(sales, history, { horizonDays: toDay - asOfDay, ...found.heads }, levels);
    const errors = lists.map((r) =>
      Math.abs(forecast.expect('all', r).probability - truth.get(`${r.customer}:${r.product}`)!),
    );
    expect(errors.reduce((sum, e) => sum + e, 0) / errors.length).toBeLessThan(0.03);
    const first = lists[0]!;
    const { probability, spend, revenue } = forecast.expect('all', first);
    expect(revenue).toBe(probability * spend);
    // Amounts are skewed: their mean lies above the usual one, and that is what is expected.
    expect(spend / 20).toBeGreaterThan(1.2);
  });

  it('says the same of a model that ranks alike with scores that are higher by a constant', () => {
    const higher = lists.map((r) => ({ ...r, score: r.score + 3 }));
    const other = judgeLists(sales, history, { all: higher, fresh: higher }, { toDay, k: 5, seed: 1 });
    expect(other.heads.all.odds.intercept).toBeCloseTo(found.heads.all.odds.intercept, 6);
    expect(other.all.expected).toBeCloseTo(found.all.expected, 3);
    expect(levelOf(higher)).toBeCloseTo(level + 3, 9);
    expect(levelOf([])).toBe(0);
  });

  it('keeps the order of each list', () => {
    const forecast = forecaster(sales, history, { horizonDays: 30, ...found.heads }, levels);
    for (let i = 1; i < lists.length; i++) {
      if (lists[i]!.customer !== lists[i - 1]!.customer) continue;
      expect(forecast.expect('fresh', lists[i]!).probability).toBeLessThanOrEqual(
        forecast.expect('fresh', lists[i - 1]!).probability,
      );
    }
  });

  it('compares with lists that need no model, by market and by tenth of probability', () => {
    const { lift } = found.all;
    const hits = lists
      .filter((_, i) => i % 12 < 5)
      .filter((r) => {
        for (let s = 0; s < sales.day.length; s++)
          if (sales.customer[s] === r.customer && sales.product[s] === r.product && sales.day[s]! >= asOfDay)
            return true;
        return false;
      });
    expect(lift.hits).toBe(hits.length);
    expect(lift.customers).toBe(800);
    expect(lift.overPopularity!.lower95).toBeGreaterThan(1);
    expect(lift.markets['DE']!.hits + lift.markets['FR']!.hits).toBe(lift.hits);
    expect(lift.deciles.map((d) => d.decile)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(lift.deciles[0]!.observed).toBeGreaterThan(2 * lift.deciles[9]!.observed);
    expect(lift.deciles[0]!.lift!.lower95).toBeGreaterThan(lift.deciles[9]!.lift!.upper95);
    expect(found.fresh.lift.frequencyHits).toBeNull();
  });

  it('says nothing of a rule that hit next to nothing, and of no lists at all', () => {
    const before = salesBefore(sales, asOfDay);
    const idle = judgeLists(
      before,
      historyBefore(before, asOfDay),
      { all: lists, fresh: [] },
      { toDay, k: 5, seed: 1 },
    );
    expect(idle.all.lift.overPopularity).toBeNull();
    expect(idle.all.realised).toBe(0);
    expect(idle.all.bins.every((b) => b.predicted < 0.01)).toBe(true);
    expect(idle.fresh).toMatchObject({ rows: 0, expected: 0, realised: 0, calibrationError: 0, bins: [] });
    expect(idle.fresh.lift).toMatchObject({ customers: 0, hits: 0, overPopularity: null });
  });
});
