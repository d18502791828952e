import type pg from 'pg';
import type { Database } from '../../../storage/postgres/index.ts';

/** What the parts of a month write to, and what they know of each other. */
export interface Month {
  readonly database: Database;
  readonly client: pg.Client;
  /** The present of the month: all its times are before it, but for plans. */
  readonly now: Date;
  /** YYYY-MM-DD of its newest day. */
  readonly today: string;
  /** Its days, oldest first; the last one is `today`. */
  readonly days: readonly string[];
  readonly markets: readonly string[];
}

/** Time before now; below 0 after it. */
export function ago({ now }: Pick<Month, 'now'>, minutes: number): Date {
  return new Date(now.getTime() - minutes * 60_000);
}

export const hour = 60;
export const day = 24 * hour;

/** Countries with customers, those with the most first. */
export const countries = [
  ...[
    'United Kingdom',
    'Germany',
    'France',
    'EIRE',
    'Spain',
    'Belgium',
    'Switzerland',
    'Portugal',
    'Australia',
    'Norway',
  ],
  ...[
    'Italy',
    'Channel Islands',
    'Finland',
    'Cyprus',
    'Sweden',
    'Unspecified',
    'Austria',
    'Denmark',
    'Japan',
    'Poland',
  ],
  ...[
    'Israel',
    'USA',
    'Netherlands',
    'Hong Kong',
    'Singapore',
    'Iceland',
    'Canada',
    'Greece',
    'Malta',
    'United Arab Emirates',
  ],
  ...['European Community', 'RSA', 'Lebanon', 'Lithuania', 'Brazil', 'Czech Republic', 'Bahrain', 'Saudi Arabia'],
  ...[
    'Nigeria',
    'Turkey',
    'Chile',
    'Mexico',
    'India',
    'Thailand',
    'Estonia',
    'Latvia',
    'Croatia',
    'Slovenia',
    'Bulgaria',
    'Romania',
  ],
] as const;

/** With the words that customers have for them. */
export const products = [
  { id: '85123A', name: 'WHITE HANGING HEART T-LIGHT HOLDER', words: 'hanging hearts', price: 2.55 },
  { id: '22423', name: 'REGENCY CAKESTAND 3 TIER', words: 'three-tier cakestand', price: 12.75 },
  { id: '84879', name: 'ASSORTED COLOUR BIRD ORNAMENT', words: 'bird ornaments', price: 1.69 },
  { id: '47566', name: 'PARTY BUNTING', words: 'party bunting', price: 4.95 },
  { id: '20725', name: 'LUNCH BAG RED RETROSPOT', words: 'red lunch bags', price: 1.65 },
  { id: '22720', name: 'SET OF 3 CAKE TINS PANTRY DESIGN', words: 'pantry cake tins', price: 4.95 },
  { id: '23203', name: 'JUMBO BAG VINTAGE DOILY', words: 'doily bags', price: 2.08 },
  { id: '21212', name: 'PACK OF 72 RETROSPOT CAKE CASES', words: 'retrospot cake cases', price: 0.55 },
  { id: '22197', name: 'POPCORN HOLDER', words: 'popcorn holders', price: 0.85 },
  { id: '22383', name: 'LUNCH BAG SUKI DESIGN', words: 'Suki lunch bags', price: 1.65 },
] as const;
