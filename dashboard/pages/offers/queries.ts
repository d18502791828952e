import {
  type InfiniteData,
  keepPreviousData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useQuery,
} from '@tanstack/react-query';
import type { ChosenOffer } from '../../../contracts/chosen-offers.ts';
import type { AssortmentGap, OutsideProduct } from '../../../contracts/gaps.ts';
import type { ListDay, MarketListInfo, MarketListRow, MarketSummary } from '../../../contracts/market-lists.ts';
import type { MetricPoint } from '../../../contracts/metrics.ts';
import type { CustomerPrediction } from '../../../contracts/offers.ts';
import type { OfferCalibration, OutcomeQuality, ToldOutcome } from '../../../contracts/outcomes.ts';
import { ApiError, address, get } from '../../http/client.ts';
import { type ApiPage, type PagesOptions, usePages } from '../../http/pages.ts';
import { getSeries } from '../retraining/queries.ts';

/** Lists change when a run of the pipeline ends, which is a change of runs. */
const topic = 'runs';
/** The lists of a day are asked for again at most so often: they only change when the day is done anew. */
const staleTime = 5 * 60_000;

export const marketPath = (market: string): string => `/v1/offers/markets/${encodeURIComponent(market)}`;
export const customerPath = (customer: string): string => `/v1/offers/customers/${encodeURIComponent(customer)}`;

/** Markets with lists, on their newest day. */
export function useMarkets(): UseQueryResult<readonly MarketSummary[]> {
  return useQuery({
    queryKey: [topic, 'offers', 'markets'],
    staleTime: 60_000,
    queryFn: async ({ signal }) =>
      (await get<{ markets: readonly MarketSummary[] }>('/v1/offers/markets', undefined, signal)).markets,
  });
}

/** Whether lists are being made. */
export function useIsRunning(): boolean {
  const { data } = useQuery({
    queryKey: [topic, 'offers', 'running'],
    queryFn: async ({ signal }) =>
      (
        await get<{ runs: readonly unknown[] }>(
          '/v1/runs',
          { pipeline: 'offers', status: 'queued,running', limit: 1 },
          signal,
        )
      ).runs.length > 0,
  });
  return data ?? false;
}

/** Days of a market that there are lists of, newest first. */
export function useDays(market: string): UseQueryResult<readonly ListDay[]> {
  return useQuery({
    queryKey: ['offers', 'days', market],
    staleTime: 60_000,
    queryFn: async ({ signal }) =>
      (await get<{ days: readonly ListDay[] }>(`${marketPath(market)}/days`, { limit: 100 }, signal)).days,
  });
}

/** Key figures over time, oldest first. @param market '' for all together. @param from YYYY-MM-DD. */
export function useFigures(market: string, from: string): UseQueryResult<readonly MetricPoint[]> {
  return useQuery({
    queryKey: ['offers', 'figures', market, from],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await getSeries({ pipeline: 'offers', name: 'kpi.*', market, from, limit: '10000' }, signal)).toReversed(),
  });
}

/** Lines of a list, and what it is. */
export interface ListPage extends MarketListInfo {
  readonly lines: readonly MarketListRow[];
  readonly next: number | null;
}

type Pages<T> = UseInfiniteQueryResult<InfiniteData<T>>;

const useRanked = <T extends ApiPage>(
  kind: string,
  market: string,
  path: string,
  query: NonNullable<PagesOptions['query']>,
): Pages<T> =>
  usePages<T>({
    ...{ key: ['offers', kind, market], path: `${marketPath(market)}/${path}`, query },
    ...{ cursor: 'after', limit: 100, staleTime, keepPrevious: true },
  });

export interface ListFilter {
  readonly asOf: string;
  readonly kind: string;
  readonly q: string;
}

/** What to talk about with which customer. */
export const useList = (market: string, filter: ListFilter): Pages<ListPage> =>
  useRanked('list', market, 'list', { ...filter });

export const listFile = (market: string, filter: ListFilter, format: string): string =>
  address(`${marketPath(market)}/list`, { ...filter, format });

export interface OfferPage {
  readonly offers: readonly ChosenOffer[];
  readonly next: number | null;
}

/** Offers chosen under the budget. */
export const useOffers = (market: string, asOf: string, holdouts: boolean): Pages<OfferPage> =>
  useRanked('chosen', market, 'offers', { asOf, holdouts });

export interface GapPage {
  readonly gaps: readonly AssortmentGap[];
  readonly next: number | null;
}

/** What customers use and don't buy, by value. */
export const useGaps = (market: string, asOf: string): Pages<GapPage> => useRanked('gaps', market, 'gaps', { asOf });

/** What customers use and nobody can sell them. */
export function useOutside(market: string, asOf: string): UseQueryResult<readonly OutsideProduct[]> {
  return useQuery({
    queryKey: ['offers', 'outside', market, asOf],
    staleTime,
    queryFn: async ({ signal }) =>
      (
        await get<{ products: readonly OutsideProduct[] }>(
          `${marketPath(market)}/outside-assortment`,
          { asOf, limit: 100 },
          signal,
        )
      ).products,
  });
}

/** How the chances of offers came true, by version. @param market undefined: of all markets. */
export function useQuality(market: string): UseQueryResult<readonly OutcomeQuality[]> {
  return useQuery({
    queryKey: ['offers', 'quality', market],
    staleTime: 60_000,
    queryFn: async ({ signal }) =>
      (await get<{ quality: readonly OutcomeQuality[] }>('/v1/offers/outcomes/quality', { market }, signal)).quality,
  });
}

/** Whether offers sold as often as predicted. @param version of the response; '' for all. */
export function useCalibration(market: string, version: string): UseQueryResult<OfferCalibration> {
  return useQuery({
    queryKey: ['offers', 'quality', 'calibration', market, version],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      get<OfferCalibration>(`${marketPath(market)}/calibration`, { modelVersion: version }, signal),
  });
}

/** Null where there is none. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

export interface Customer {
  readonly prediction: CustomerPrediction | null;
  readonly gaps: readonly AssortmentGap[];
  readonly offers: readonly ChosenOffer[];
  readonly outcomes: readonly ToldOutcome[];
}

/** All that is known of a customer. @param market '' where it is not said. */
export function useCustomer(id: string, market: string): UseQueryResult<Customer> {
  return useQuery({
    queryKey: ['offers', 'customer', id, market],
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<Customer> => {
      const path = customerPath(id);
      const [prediction, gaps, offers, outcomes] = await Promise.all([
        orNull(get<CustomerPrediction>(`${path}/predictions`, { market }, signal)),
        orNull(get<{ gaps: readonly AssortmentGap[] }>(`${path}/gaps`, { market }, signal)),
        orNull(get<{ offers: readonly ChosenOffer[] }>(`${path}/offers`, { market }, signal)),
        get<{ outcomes: readonly ToldOutcome[] }>(`${path}/outcomes`, { limit: 100 }, signal),
      ]);
      return { prediction, gaps: gaps?.gaps ?? [], offers: offers?.offers ?? [], outcomes: outcomes.outcomes };
    },
  });
}
