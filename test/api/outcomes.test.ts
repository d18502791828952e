import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChosenOffer } from '../../contracts/chosen-offers.ts';
import type { OfferCalibration, OutcomeQuality, ToldOutcome } from '../../contracts/outcomes.ts';
import { Random } from '../../domain/nlp/index.ts';
import { writeOutcomeFigures } from '../../domain/outcomes/index.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const offer = (market: string, asOf: string, rank: number, more: Partial<ChosenOffer> = {}): ChosenOffer => ({
  ...{
    market,
    asOf,
    rank,
    customerId: `c${rank}`,
    productId: `P${rank}`,
    description: '',
    discount: 10,
    holdout: false,
  },
  ...{ probability: 0.4, probabilityWithout: 0.2, price: 2, expectedRevenue: 1, incrementalMargin: 1, spend: 0.1 },
  ...{ reason: '', runId: 'r', modelVersion: 3 },
  ...more,
});
const outcome = (rank: number, more: object = {}) => ({
  ...{ customerId: `c${rank}`, productId: `p${rank}`, date: '2026-06-03', discount: 10, sale: true },
  ...more,
});
const send = async (outcomes: readonly object[], key = api.keys.operator) => {
  const response = await api.call('POST', '/v1/offers/outcomes', { key, body: { outcomes } });
  return { status: response.statusCode, body: response.json() };
};
const quality = async (market: string, from = '2026-05-01', to = '2026-09-01') =>
  (await api.call('GET', `/v1/offers/outcomes/quality?market=${market}&from=${from}&to=${to}`)).json<{
    quality: OutcomeQuality[];
  }>().quality;
const calibration = async (market: string, more = '') =>
  (
    await api.call('GET', `/v1/offers/markets/${market}/calibration?from=2026-05-01&to=2026-09-01${more}`, {
      key: api.keys.viewer,
    })
  ).json<OfferCalibration>();

describe('outcomes of offers', () => {
  it('are joined to the newest offer that was chosen before, with its version and chance; again they change nothing', async () => {
    const { chosenOffers } = api.database;
    await chosenOffers.replaceMarket('DE', '2026-06-01', [
      offer('DE', '2026-06-01', 1),
      offer('DE', '2026-06-01', 2, { holdout: true, discount: 20 }),
    ]);
    await chosenOffers.replaceMarket('DE', '2026-06-02', [
      offer('DE', '2026-06-02', 1, { modelVersion: 4, probability: 0.7 }),
    ]);
    await chosenOffers.replaceMarket('DE', '2026-06-04', [offer('DE', '2026-06-04', 1, { modelVersion: 5 })]);
    const given = [
      outcome(1),
      outcome(2, { discount: 0, sale: false, holdout: true }),
      // Another discount than was chosen: another offer.
      outcome(1, { date: '2026-06-05', discount: 5 }),
      outcome(9),
    ];
    const first = await send(given);
    expect(first).toMatchObject({ status: 200, body: { accepted: 4, joined: 2 } });
    expect(first.body.outcomes).toMatchObject([
      {
        market: 'DE',
        productId: 'P1',
        prediction: { asOf: '2026-06-02', rank: 1, modelVersion: 4, probability: 0.7 },
      },
      { market: 'DE', holdout: true, prediction: { asOf: '2026-06-01', modelVersion: 3, probability: 0.2 } },
      { market: '', prediction: null },
      { market: '', prediction: null },
    ]);
    expect(await send(given)).toEqual(first);
    const corrected = await send([outcome(1, { sale: false })]);
    expect(corrected.body.outcomes[0]).toMatchObject({
      id: first.body.outcomes[0].id,
      sale: false,
      prediction: { modelVersion: 4 },
    });
    expect(await quality('DE')).toMatchObject([
      { modelVersion: 5, offers: 1, outcomes: 0, conversion: null, brier: null, heldOut: 0 },
      { modelVersion: 4, offers: 1, outcomes: 1, conversion: 0, brier: expect.closeTo(0.49, 10) },
      { modelVersion: 3, offers: 1, outcomes: 0, heldOut: 1, heldOutConversion: 0 },
    ]);
  });

  it('are joined later where the offer becomes known later, and give the figures of its day then', async () => {
    const { body } = await send([
      outcome(1, { id: 'till-1', market: 'FR', customerId: 'late.0', date: '2026-07-02' }),
      outcome(1, { id: 'till-2', market: 'IT', customerId: 'late.0', date: '2026-07-02' }),
    ]);
    expect(body.outcomes[0]).toMatchObject({ id: 'till-1', customerId: 'late', prediction: null });
    await api.database.chosenOffers.replaceMarket('FR', '2026-07-01', [
      offer('FR', '2026-07-01', 1, { customerId: 'late', probability: 0.8 }),
    ]);
    await writeOutcomeFigures(api.database, new Date());
    const points = await api.database.metricSeries.list({ pipeline: 'offers', market: 'FR', limit: 10 });
    expect(points.map(({ name, value, at, subject }) => [name, Number(value.toFixed(6)), at, subject])).toEqual([
      ['outcome.brier', 0.04, '2026-07-03T00:00:00.000Z', 'v3'],
      ['outcome.conversion', 1, '2026-07-03T00:00:00.000Z', 'v3'],
      ['outcome.predicted', 0.8, '2026-07-03T00:00:00.000Z', 'v3'],
    ]);
    expect(await api.database.metricSeries.list({ pipeline: 'offers', market: 'IT', limit: 10 })).toEqual([]);
  });

  it('tell a version whose chances hold from one that promises too much', async () => {
    const random = new Random(11);
    const offers: ChosenOffer[] = [];
    const outcomes: object[] = [];
    for (let rank = 1; rank <= 2000; rank++) {
      const chance = random.next();
      const isHonest = rank % 2 === 0;
      const probability = isHonest ? chance : Math.sqrt(chance);
      offers.push(offer('ES', '2026-08-01', rank, { probability, modelVersion: isHonest ? 8 : 7 }));
      outcomes.push(outcome(rank, { market: 'ES', date: '2026-08-01', sale: random.next() < chance }));
    }
    await api.database.chosenOffers.replaceMarket('ES', '2026-08-01', offers);
    for (let from = 0; from < outcomes.length; from += 500)
      expect(await send(outcomes.slice(from, from + 500))).toMatchObject({ status: 200, body: { joined: 500 } });
    const [honest, boastful] = await quality('ES');
    expect(honest).toMatchObject({ modelVersion: 8, offers: 1000, outcomes: 1000 });
    expect(honest?.bins).toHaveLength(10);
    expect(honest?.bins.map(({ rows }) => rows)).toEqual(Array.from({ length: 10 }, () => 100));
    expect(honest?.calibrationError).toBeLessThan(0.06);
    // The mean of p (1 − p) of chances p that are spread evenly from 0 to 1.
    expect(honest?.brier).toBeCloseTo(1 / 6, 1);
    expect(honest?.brierSkill).toBeGreaterThan(0.25);
    expect(boastful?.calibrationError).toBeGreaterThan(0.1);
    expect(boastful?.predicted).toBeGreaterThan((boastful?.conversion ?? 1) + 0.1);
  });

  it('show by predicted chance what share sold, how sure that is, and how far chances are off', async () => {
    const honest = await calibration('ES', '&modelVersion=8');
    expect(honest).toMatchObject({ market: 'ES', modelVersion: 8, offers: 1000, outcomes: 1000 });
    expect(honest.bins.map(({ rows }) => rows)).toEqual(Array.from({ length: 10 }, () => 100));
    for (const [n, bin] of honest.bins.entries()) {
      expect(bin.lowest).toBeLessThanOrEqual(bin.predicted);
      expect(bin.highest).toBeGreaterThanOrEqual(bin.predicted);
      expect(bin.lowest).toBeGreaterThanOrEqual(honest.bins[n - 1]?.highest ?? 0);
      expect(bin.observed).toBe(bin.sold / bin.rows);
      expect(bin.interval.lower95).toBeLessThan(bin.observed);
      expect(bin.interval.upper95).toBeGreaterThan(bin.observed);
    }
    // Of 95 % intervals, few miss what is true.
    const held = honest.bins.filter(
      ({ predicted, interval }) => predicted >= interval.lower95 && predicted <= interval.upper95,
    );
    expect(held.length).toBeGreaterThanOrEqual(8);
    const [version] = await quality('ES');
    expect(honest.calibrationError).toBeCloseTo(version?.calibrationError ?? Number.NaN, 10);
    expect(honest).toMatchObject({
      predicted: expect.closeTo(version?.predicted ?? Number.NaN, 10),
      observed: expect.closeTo(version?.conversion ?? Number.NaN, 10),
    });
    const both = await calibration('ES');
    expect(both).toMatchObject({ modelVersion: null, offers: 2000, outcomes: 2000 });
    expect(both.calibrationError).toBeGreaterThan(honest.calibrationError ?? 1);
  });

  it('are put into so few groups that a share says something, and left out where nobody made an offer', async () => {
    const offers = Array.from({ length: 45 }, (_, n) => offer('SE', '2026-06-10', n + 1, { probability: n / 100 }));
    const held = offer('SE', '2026-06-10', 46, { holdout: true });
    await api.database.chosenOffers.replaceMarket('SE', '2026-06-10', [...offers, held]);
    const told = offers
      .slice(0, 44)
      .map(({ rank }) => outcome(rank, { market: 'SE', date: '2026-06-10', sale: rank > 22 }));
    await send([...told, outcome(46, { market: 'SE', date: '2026-06-10', discount: 0, holdout: true })]);
    expect(await calibration('SE')).toMatchObject({
      ...{ offers: 45, outcomes: 44, predicted: expect.closeTo(0.215, 10), observed: 0.5 },
      calibrationError: expect.closeTo((0.105 + (1 - 0.325)) / 2, 10),
      bins: [
        { rows: 22, sold: 0, observed: 0, lowest: 0, highest: 0.21, interval: { lower95: 0 } },
        { rows: 22, sold: 22, observed: 1, lowest: 0.22, highest: 0.43, interval: { upper95: 1 } },
      ],
    });
    expect(await calibration('nowhere')).toMatchObject({
      ...{ offers: 0, outcomes: 0, predicted: null, observed: null, calibrationError: null, bins: [] },
    });
    expect((await api.call('GET', '/v1/offers/markets/SE/calibration?modelVersion=0')).statusCode).toBe(400);
  });

  it('are told of a customer, newest first, with who told them', async () => {
    await send([outcome(7001, { date: '2026-06-01', sale: false }), outcome(7001, { date: '2026-06-02' })]);
    await api.database.outcomes.replaceDay(
      '2026-05-31',
      [{ ...outcome(7001), id: 'of a file', market: 'DE', date: '2026-05-31', holdout: false }],
      'a'.repeat(64),
      new Date(),
    );
    const { outcomes } = (await api.call('GET', '/v1/offers/customers/c7001/outcomes', { key: api.keys.viewer })).json<{
      outcomes: ToldOutcome[];
    }>();
    expect(outcomes.map(({ date, sale, origin, by }) => [date, sale, origin, by])).toEqual([
      ['2026-06-02', true, 'api', 'operator of the test'],
      ['2026-06-01', false, 'api', 'operator of the test'],
      ['2026-05-31', true, 'file', null],
    ]);
    expect((await api.call('GET', '/v1/offers/customers/nobody/outcomes')).json()).toMatchObject({ outcomes: [] });
  });

  it('are refused as a whole, each fault named', async () => {
    const refused = await send([
      outcome(1, { market: 'PT' }),
      outcome(2, { discount: 5, holdout: true }),
      outcome(1),
      outcome(3, { productId: '  ' }),
    ]);
    expect(refused).toMatchObject({
      status: 400,
      body: {
        errors: [
          { field: 'outcomes[1].discount', value: 5 },
          { field: 'outcomes[2].id', message: 'is that of outcomes[0]' },
          { field: 'outcomes[3].productId' },
        ],
      },
    });
    expect(await send([outcome(1, { date: '2026-02-30', discount: 100 })])).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'body.outcomes.0.date' }, { field: 'body.outcomes.0.discount' }] },
    });
    expect((await send([outcome(1)], api.keys.viewer)).status).toBe(403);
    expect(await quality('PT')).toEqual([]);
  });
});
