import pg from 'pg';
import type { Database } from '../../storage/postgres/index.ts';
import { seedAlerts } from './month/alerts.ts';
import { seedDeadlines } from './month/deadlines.ts';
import { seedDecisions } from './month/decisions.ts';
import { seedEvents, seedRules } from './month/events.ts';
import { seedLanguage } from './month/language.ts';
import { seedOffers } from './month/offers.ts';
import { seedAudit, seedBackfill, seedWorkers } from './month/operations.ts';
import { seedRollouts } from './month/rollouts.ts';
import { seedRuns } from './month/runs.ts';
import { seedVersions } from './month/versions.ts';
import { countries, type Month } from './month/world.ts';

export { alertIds } from './month/alerts.ts';
export { responsePolicyId } from './month/decisions.ts';
export { seedLists } from './month/lists.ts';
export { rolloutIds } from './month/rollouts.ts';
export { backfillId, runIds } from './month/runs.ts';
export { seedSales } from './month/sales.ts';

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
    await seedVersions(month);
    await seedRollouts(month);
    await seedDecisions(month);
    await seedOffers(month);
    await seedLanguage(month);
    await seedDeadlines(month);
    await seedEvents(month);
    await seedRules(month);
    await seedAlerts(month);
    await seedBackfill(month);
    await seedWorkers(month);
    await seedAudit(month);
    await client.query('analyze');
    return { now, today, days, markets };
  } finally {
    await client.end();
  }
}
