import type { Readable } from 'node:stream';
import type { MarketListInfo, MarketListKind, MarketListRow } from '../../contracts/market-lists.ts';

/** One list, as it was when it was opened; release it in the end. */
export interface OpenMarketList {
  /** Rows by rank, some at a time: a list may be longer than memory. */
  rows(): AsyncIterable<readonly MarketListRow[]>;
  /** The list as a Parquet file, with `market` and `as_of` beside the columns of its rows. */
  parquet(): Readable;
  close(): Promise<void>;
}

/** Which lines of a list. */
export interface MarketListFilter {
  readonly kind?: MarketListKind;
  /** Part of the customer's or the product's id, or of the product's description; capitals make no difference. */
  readonly text?: string;
}

/** The lists of markets by day. */
export interface MarketLists {
  /** The list of a day, or of the newest one; null when there is none. */
  find(market: string, asOf?: string): Promise<MarketListInfo | null>;
  /** Rows after rank `after`. */
  page(
    list: MarketListInfo,
    page: MarketListFilter & { readonly after?: number; readonly limit: number },
  ): Promise<MarketListRow[]>;
  open(list: MarketListInfo, filter: MarketListFilter): Promise<OpenMarketList>;
}
