import type { ChosenOffer } from '../../../contracts/chosen-offers.ts';
import type { MetricPoint } from '../../../contracts/metrics.ts';
import type { CustomerPrediction, Kpi, NextProduct } from '../../../contracts/offers.ts';
import { kpiPoints } from '../../../domain/monitoring/series/index.ts';
import { assortmentGap } from '../gaps.ts';
import { draw } from './rows.ts';
import { runIds } from './runs.ts';
import { ago, day, type Month, products } from './world.ts';

/** Markets with lists of customers, and customers of each. */
const listed = 5;
const customersOf = 24;
/** Days with lists. */
const listDays = 4;

/** Ids of the customers of a market. */
export function customerIds(market: string): string[] {
  return Array.from({ length: customersOf }, (_, n) => String(12_000 + Math.floor(draw(market) * 6_000) + n * 7));
}

/** What a month of the pipeline offers has left: lists, chosen offers, gaps, outcomes, key figures and series. */
export async function seedOffers(month: Month): Promise<void> {
  const { database, days, markets } = month;
  for (const { market, days: newest } of listedDays({ days, markets })) {
    for (const date of newest) {
      await database.predictions.replaceMarket(
        market,
        date,
        customerIds(market).map((id) => predictionOf(market, id, date)),
      );
      await database.chosenOffers.replaceMarket(market, date, offersOf(market, date));
    }
    const date = newest.at(-1) as string;
    await database.gaps.replaceMarket(
      market,
      date,
      customerIds(market)
        .slice(0, 8)
        .map((customerId, n) => {
          const { id, name, words } = products[n % products.length] as (typeof products)[number];
          const isOutside = n === 7;
          const spoken = isOutside ? 'oat milk' : words;
          const lead = 'Our guests ask for the ';
          const evidence = [
            {
              source: 'menu.pdf',
              sentence: `${lead}${spoken} every weekend.`,
              ...{ start: lead.length, end: lead.length + spoken.length },
            },
          ];
          return assortmentGap({
            ...{ market, asOf: date, rank: n + 1, customerId, runId: runIds.ofDay(date), score: 0.95 - n / 20 },
            ...{ yearlyValue: 240 - 24 * n, expectedValue: (0.95 - n / 20) * (240 - 24 * n), comparables: 9 + n },
            evidence,
            ...(isOutside
              ? { productId: null, name: 'oat milk', yearlyValue: null, expectedValue: null }
              : { productId: id, name }),
          });
        }),
    );
  }
  await outcomes(month);
  await figures(month);
}

/** Markets with lists, and the days of them, oldest first; the last market waits for the newest day. */
export function listedDays({
  days,
  markets,
}: Pick<Month, 'days' | 'markets'>): { market: string; days: readonly string[] }[] {
  const newest = days.slice(-1 - listDays, -1);
  return markets
    .slice(0, listed)
    .map((market, n) => ({ market, days: n === listed - 1 ? newest.slice(0, -1) : newest }));
}

/** What was predicted for a customer on a day. */
export function predictionOf(market: string, customerId: string, asOf: string): CustomerPrediction {
  const product = (n: number, isNew: boolean): NextProduct => {
    // Other products than those that it knows are new to it.
    const place = Math.floor(draw(customerId) * products.length) + n + (isNew ? 5 : 0);
    const { id, name, price } = products[place % products.length] as (typeof products)[number];
    const probability = 0.6 / (n + 1);
    const expectedSpend = price * 12;
    return {
      ...{ productId: id, description: name, rank: n + 1, score: probability, probability, expectedSpend, isNew },
      expectedRevenue: probability * expectedSpend,
      reason: isNew ? 'Customers with like baskets buy it.' : 'Bought every 3 weeks, last 4 weeks ago.',
    };
  };
  return {
    ...{ market, customerId, asOf, runId: runIds.ofDay(asOf), modelVersion: 5, horizonDays: 28 },
    products: [0, 1, 2, 3, 4].map((n) => product(n, false)),
    newProducts: [0, 1, 2].map((n) => product(n, true)),
  };
}

/** Offers chosen for a market on a day. */
export function offersOf(market: string, date: string): ChosenOffer[] {
  return customerIds(market).flatMap((id, n) => (n % 2 === 0 ? [offer(market, id, date, n / 2 + 1)] : []));
}

function offer(market: string, customerId: string, asOf: string, rank: number): ChosenOffer {
  const { id, name, price } = products[rank % products.length] as (typeof products)[number];
  const probability = 0.5 - rank / 40;
  return {
    ...{ market, asOf, rank, customerId, productId: id, description: name, discount: [5, 10, 20][rank % 3] as number },
    ...{ holdout: rank % 9 === 0, probability, probabilityWithout: probability * 0.6, price },
    ...{ expectedRevenue: probability * price * 10, incrementalMargin: probability * price * 2, spend: price },
    ...{
      reason: 'Its texts speak of it, and it buys when there is a discount.',
      runId: runIds.ofDay(asOf),
      modelVersion: 2,
    },
  };
}

/** Offers of before the days with lists: other customers each day, by the version of the response that chose them. */
function earlierOffersOf(market: string, date: string, n: number, version: number): ChosenOffer[] {
  return customerIds(market)
    .filter((_, place) => place % 4 === n % 4)
    .map((customerId, place): ChosenOffer => {
      const made = { ...offer(market, customerId, date, place + 1 + n), rank: place + 1 };
      const probability = 0.05 + 0.55 * draw('chance', customerId, date) ** 1.5;
      return { ...made, probability, probabilityWithout: probability * 0.6, holdout: false, modelVersion: version };
    });
}

async function outcomes({ database, days, markets, now }: Month): Promise<void> {
  const second = days.length - 11;
  for (const market of markets.slice(0, listed)) {
    const earlier = days.slice(0, -1 - listDays).map((date, n) => {
      const chosen = earlierOffersOf(market, date, n, n < second ? 1 : 2);
      return { date, chosen };
    });
    for (const { date, chosen } of earlier) await database.chosenOffers.replaceMarket(market, date, chosen);
    const told = earlier.flatMap(({ date, chosen }) =>
      chosen.map(({ customerId, productId, discount, holdout, probability, modelVersion }) => {
        // The first version promises too much.
        const sale = draw('sale', customerId, date) < probability * (modelVersion === 1 ? 0.75 : 1);
        return { id: `${customerId}-${date}`, market, customerId, productId, date, discount, sale, holdout };
      }),
    );
    await database.outcomes.save(told, 'shop', now);
  }
  const told = days.slice(-1 - listDays, -2).flatMap((date) =>
    markets.slice(0, listed).flatMap((market) =>
      customerIds(market).flatMap((customerId, n) => {
        if (n % 2 !== 0) return [];
        const { productId, discount, holdout, probability } = offer(market, customerId, date, n / 2 + 1);
        const sale = draw('sale', customerId, date) < (holdout ? probability * 0.6 : probability);
        return [{ id: `${customerId}-${date}`, market, customerId, productId, date, discount, sale, holdout }];
      }),
    ),
  );
  await database.outcomes.save(told, 'shop', now);
}

/** Level of each figure of the pipeline. */
const levels: Readonly<Record<string, number>> = {
  customers: 110,
  expected_revenue: 2_400,
  offers: 60,
  offers_margin: 310,
  realised_hit: 0.31,
  realised_revenue_share: 0.94,
  share_new: 0.22,
  coverage: 0.47,
  lift_over_popularity: 3.2,
};
const isSum = (name: string): boolean => !/^(realised|share|coverage|lift)/.test(name);
/** Mean distance of predicted and observed rates of all markets; that of one is larger, as it has fewer customers. */
const calibrationError = 0.014;

/** A figure of a market on a day: its level, a weekday's rhythm and chance; one falls in the last two days. */
export function figureOf(name: string, market: string, n: number, last: number, size: number): number {
  const level = (levels[name] as number) * (isSum(name) ? size : 1);
  const rhythm = 1 + 0.08 * Math.sin((2 * Math.PI * n) / 7) + 0.04 * (draw(name, market, n) - 0.5);
  const falls = name === 'realised_hit' && market === 'France' && n >= last - 1 ? 0.45 : 1;
  return level * rhythm * falls;
}

/** Key figures of days, by market and of all; markets differ in size. */
export function kpisOf(pipeline: string, days: readonly string[], markets: readonly string[]): Kpi[] {
  const found: Kpi[] = [];
  const last = days.length - 1;
  days.forEach((date, n) => {
    for (const name of Object.keys(levels)) {
      let sum = 0;
      markets.forEach((market, m) => {
        const value = figureOf(name, market, n, last, 12 / (m + 1));
        sum += value;
        found.push({ pipeline, market, date, name, value, runId: runIds.ofDay(date) });
      });
      found.push({
        pipeline,
        market: '',
        date,
        name,
        value: isSum(name) ? sum : sum / markets.length,
        runId: runIds.ofDay(date),
      });
    }
    for (const market of ['', ...markets]) {
      const value =
        calibrationError * (market === '' ? 1 : 1.5) * (0.8 + 0.4 * draw('calibration_error', market, date));
      found.push({ pipeline, market, date, name: 'calibration_error', value, runId: runIds.ofDay(date) });
    }
  });
  return found;
}

async function figures(month: Month): Promise<void> {
  const { database, days, markets } = month;
  // Today is still being computed.
  const kpis = kpisOf('offers', days.slice(0, -1), markets);
  await database.kpis.save(kpis);
  const yesterday = days.at(-2);
  const before = kpis.filter(({ date }) => date !== yesterday);
  await database.metricSeries.save(before.map(pointOfKpi));
  const judged = await kpiPoints(
    kpis.filter(({ date }) => date === yesterday),
    database.metricSeries,
  );
  await database.metricSeries.save(
    judged.map((point) => (point.name === 'kpi.realised_hit' && point.market === 'France' ? fallen(point) : point)),
  );
  await database.metricSeries.save([...driftPoints(month), ...qualityPoints(month), ...durations(month)]);
}

export function pointOfKpi({ pipeline, market, date, name, value, runId }: Kpi): MetricPoint {
  const at = `${date}T00:00:00.000Z`;
  return {
    ...{ pipeline, market, at, name: `kpi.${name}`, subject: '', value, threshold: null, alarm: null, text: null },
    ...{ model: null, modelVersion: null, runId },
  };
}

function fallen(point: MetricPoint): MetricPoint {
  return {
    ...point,
    threshold: 0.27,
    alarm: 'warning',
    text: `realised_hit: ${point.value.toFixed(3)}; 0.31 is usual, at least 0.27 would be within 3 standard deviations.`,
  };
}

const columns = ['quantity', 'unit_price', 'basket_size', 'customer_age_days'] as const;

function driftPoints({ days, markets }: Month): MetricPoint[] {
  const last = days.length - 2;
  return days.slice(0, -1).flatMap((date, n) =>
    markets.slice(0, 5).flatMap((market) =>
      columns.map((subject): MetricPoint => {
        const hasDrifted = market === 'Spain' && subject === 'unit_price' && n >= last - 2;
        const value = hasDrifted ? 0.31 : 0.04 + 0.05 * draw('ks', market, subject, n);
        return {
          ...{
            pipeline: 'offers',
            market,
            at: `${date}T00:00:00.000Z`,
            name: 'drift.ks',
            subject,
            value,
            threshold: 0.12,
          },
          ...{
            alarm: hasDrifted ? 'warning' : null,
            model: 'offers-next-products',
            modelVersion: 5,
            runId: runIds.ofDay(date),
          },
          text: hasDrifted
            ? 'unit_price of Spain is higher than in the training data: its median is 3.95, it was 2.95.'
            : null,
        };
      }),
    ),
  );
}

function qualityPoints({ days }: Month): MetricPoint[] {
  return days.slice(0, -1).flatMap((date, n): MetricPoint[] => {
    const at = `${date}T00:00:00.000Z`;
    const common = { pipeline: 'offers', at, model: null, modelVersion: null, runId: runIds.ofDay(date) };
    const isStale = n === days.length - 4;
    const count: MetricPoint = {
      ...common,
      market: '',
      name: 'quality.findings',
      subject: '',
      value: isStale ? 1 : 0,
      threshold: null,
      alarm: null,
      text: null,
    };
    if (!isStale) return [count];
    return [
      count,
      {
        ...common,
        ...{ market: 'Belgium', name: 'quality.freshness', subject: '', value: 4, threshold: 2, alarm: 'warning' },
        text: `The newest sales of Belgium are 4 days old on ${date}; 2 are usual.`,
      },
    ];
  });
}

function durations({ days, ...month }: Month): MetricPoint[] {
  return days.slice(0, -1).map(
    (date, n): MetricPoint => ({
      ...{
        pipeline: 'offers',
        market: '',
        name: 'run.seconds',
        subject: 'succeeded',
        value: 2_600 + 300 * draw('run.seconds', n),
      },
      ...{ at: ago({ ...month }, (days.length - 1 - n) * day).toISOString(), threshold: null, alarm: null, text: null },
      ...{ model: null, modelVersion: null, runId: runIds.ofDay(date) },
    }),
  );
}
