import { beforeAll, describe, expect, it } from 'vitest';
import { silentHooks } from '../../../domain/nlp/index.ts';
import {
  areaUnderCurve,
  calibrationError,
  decodeResponse,
  encodeResponse,
  qini,
  qiniIntervals,
  type ResponseModel,
  type ResponseRows,
  responseFeatureNames,
  responseFeatures,
  saleProbabilities,
  sliceRows,
  trainResponse,
  upliftOf,
} from '../../../domain/offer-response/index.ts';
import { type DemoWorld, demoWorld } from './demo-world.ts';

const options = { featureNames: responseFeatureNames, seed: 1 };
let world: DemoWorld;
let rows: ResponseRows;
let test: ResponseRows;
let from: number;
let model: ResponseModel;
/** What an offer of 20 % adds, for the offers of the last part. */
let uplift: Float64Array;

beforeAll(async () => {
  world = await demoWorld({ customers: 500, products: 48, days: 240 });
  const { offers, sales } = world;
  const { features, width } = responseFeatures(sales, offers, offers);
  rows = { features, width, discount: offers.discount, sale: offers.sale, day: offers.day };
  from = Math.floor(offers.day.length * 0.75);
  test = sliceRows(rows, from, offers.day.length);
  model = await trainResponse(sliceRows(rows, 0, from), options, silentHooks());
  uplift = upliftOf(model, test.features, new Float64Array(test.sale.length).fill(0.2));
}, 60_000);

describe('the response model, on later days than it learned from', () => {
  it('gives probabilities that are right on average at every level', () => {
    const probabilities = saleProbabilities(model, test.features, test.discount);
    const { error, bins } = calibrationError(probabilities, test.sale);
    expect(bins).toHaveLength(10);
    expect(error).toBeLessThan(0.05);
    expect(areaUnderCurve(probabilities, test.sale)).toBeGreaterThan(0.75);
  });

  it('finds whom an offer persuades: Qini above 0 with certainty, more uplift at the top than in all', () => {
    const treated = Uint8Array.from(world.heldOut.subarray(from), (held) => 1 - held);
    const cluster = world.offers.customer.slice(from);
    const found = qini({ score: uplift, treated, sale: test.sale });
    const { coefficient, topDecile } = qiniIntervals({ score: uplift, treated, sale: test.sale, cluster });
    expect(coefficient.lower95).toBeGreaterThan(0.01);
    expect(topDecile.lower95).toBeGreaterThan(0);
    expect(topDecile.mean).toBeGreaterThan(1.5 * found.uplift);
    expect(found.curve).toHaveLength(21);
    // Who is likely to buy is not who is persuaded.
    const untargeted = qini({
      score: saleProbabilities(model, test.features, new Float64Array(test.sale.length)),
      treated,
      sale: test.sale,
    });
    expect(found.coefficient).toBeGreaterThan(1.3 * untargeted.coefficient);
  });

  it('gives the planted kinds the uplift that they have', () => {
    const mean = (kind: string) => {
      const own = [...uplift].filter((_, r) => world.kind[world.offers.customer[from + r]!] === kind);
      return own.reduce((sum, u) => sum + u, 0) / own.length;
    };
    expect(mean('persuadable')).toBeGreaterThan(0.1);
    for (const kind of ['sure thing', 'lost cause', 'put off'])
      expect(mean('persuadable')).toBeGreaterThan(mean(kind) + 0.05);
    expect(mean('put off')).toBeLessThan(mean('sure thing'));
  });

  it('never turns with the discount: it rises throughout, or falls', () => {
    const levels = [0, 0.05, 0.1, 0.2, 0.3, 0.5].map((d) =>
      saleProbabilities(model, test.features, new Float64Array(test.sale.length).fill(d)),
    );
    for (let r = 0; r < test.sale.length; r++) {
      const steps = levels.slice(1).map((level, i) => level[r]! - levels[i]![r]!);
      expect(steps.every((s) => s >= 0) || steps.every((s) => s <= 0)).toBe(true);
    }
  });
});

describe('training', () => {
  it('gives the same bytes again, and reads them back', async () => {
    const bytes = encodeResponse(model);
    const again = await trainResponse(sliceRows(rows, 0, from), options, silentHooks());
    expect(Buffer.from(encodeResponse(again)).equals(Buffer.from(bytes))).toBe(true);
    expect([...upliftOf(decodeResponse(bytes), test.features, test.discount)]).toEqual([
      ...upliftOf(model, test.features, test.discount),
    ]);
  });

  it.each([
    ['too few offers', 0, 199, '199 offers'],
    ['none at all', 0, 0, '0 offers'],
  ])('refuses %s and says what is needed', async (_, a, b, message) => {
    await expect(trainResponse(sliceRows(rows, a, b), options, silentHooks())).rejects.toMatchObject({
      code: 'DATA_MISSING',
      message: expect.stringContaining(message),
    });
  });

  it('refuses outcomes that are all alike, and offers that all had a discount', async () => {
    const some = sliceRows(rows, 0, 400);
    await expect(trainResponse({ ...some, sale: some.sale.fill(1) }, options, silentHooks())).rejects.toThrow(
      'of each outcome',
    );
    const shown = { ...sliceRows(rows, 0, 400), discount: new Float64Array(400).fill(0.1) };
    await expect(trainResponse(shown, options, silentHooks())).rejects.toThrow('with and without one');
  });

  it('refuses percents in place of shares', async () => {
    const wrong = { ...rows, discount: rows.discount.map((d) => 100 * d) };
    await expect(trainResponse(wrong, options, silentHooks())).rejects.toMatchObject({ code: 'PARAMETER_INVALID' });
  });
});

describe('features', () => {
  it('know nothing of the day of an offer or later', () => {
    const { offers, sales } = world;
    const day = offers.day[from]!;
    const before = { ...offers, sale: offers.sale.map((s, i) => (offers.day[i]! >= day ? 1 - s : s)) };
    const late = { ...sales, price: sales.price.map((p, i) => (sales.day[i]! >= day ? 99 : p)) };
    const one = {
      customer: offers.customer.slice(from, from + 1),
      product: offers.product.slice(from, from + 1),
      day: offers.day.slice(from, from + 1),
    };
    expect(responseFeatures(late, before, one)).toEqual(responseFeatures(sales, offers, one));
  });
});
