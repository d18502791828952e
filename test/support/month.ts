import pg from 'pg';
import type { Database } from '../../storage/postgres/index.ts';
import { seedLanguage } from './month/language.ts';
import { seedModels } from './month/models.ts';
import { seedOffers } from './month/offers.ts';
import { seedRuns } from './month/runs.ts';
import { seedWatch } from './month/watch.ts';
import { countries, type Month } from './month/world.ts';

export { seedLists } from './month/lists.ts';
export { responsePolicyId, rolloutIds } from './month/models.ts';
export { backfillId, runIds } from './month/runs.ts';
export { seedSales } from './month/sales.ts';
export { alertIds } from './month/watch.ts';

const dayMs = 86_400_000;
const monthDays = 30;
const marketCount = 38;

/** What was seeded. */
export type SeededMonth = Pick<Month, 'now' | 'today' | 'days' | 'markets'>;

/**
 * Writes a month of an installation that is used: the same for the same `now`, to an empty database. What has times that its
 * repository takes from the clock of the database (runs above all) is written as rows.
 *
 * @param options.now the present of the month; default: now.
 * @param options.url of the database.
 */
export async function seedMonth(
  database: Database,
  { url, now = new Date() }: { readonly url: string; readonly now?: Date },
): Promise<SeededMonth> {
  const today = now.toISOString().slice(0, 10);
  const days = Array.from({ length: monthDays }, (_, n) =>
    new Date(Date.parse(today) - (monthDays - 1 - n) * dayMs).toISOString().slice(0, 10),
  );
  const markets = countries.slice(0, marketCount);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const month: Month = { database, client, now, today, days, markets };
    await seedRuns(month);
    await seedModels(month);
    await seedOffers(month);
    await seedLanguage(month);
    await seedWatch(month);
    await client.query('analyze');
    return { now, today, days, markets };
  } finally {
    await client.end();
  }
}
