import { type MarketListKind, type MarketListRow, marketListKinds } from '../contracts/market-lists.ts';
import { amount } from '../pipelines/offers/evaluation-page/words.ts';
import type { ApiClient } from './client.ts';
import { gapsText } from './gaps.ts';
import { outputOf, type RunDetail } from './runs.ts';
import { table } from './terminal.ts';

interface MarketReport {
  readonly market: string;
  readonly customers: number;
  readonly horizonDays: number;
  readonly expectedRevenue: number;
  readonly offers: { readonly offers: number; readonly incrementalMargin: number; readonly spend: number } | null;
}

interface Report {
  readonly asOf: string;
  readonly markets: readonly MarketReport[];
  readonly quality: {
    readonly ndcgAll: number;
    readonly ndcgFrequency: number;
    readonly customers: number;
    readonly liftOverPopularity: { readonly mean: number } | null;
    readonly expectedRevenue: number;
    readonly realisedRevenue: number;
  } | null;
  readonly model: { readonly version: number; readonly reason: string } | null;
  readonly response: { readonly version: number | null; readonly reason: string } | null;
}

/** Narrowest and widest table, characters; in between it fills the terminal. */
const [narrow, wide] = [100, 170];

/** What a salesperson takes from a run: whom to call in each market, with what, what it may bring, and why. */
export async function offersText(api: ApiClient, run: RunDetail): Promise<string> {
  const { asOf, markets, quality, model, response } = outputOf(run, 'report') as unknown as Report;
  const lines = [`Offers from ${asOf} on`];
  const room = Math.min(wide, Math.max(narrow, process.stdout.columns ?? 120));
  const [kind, customer, chance, worth] = [14, 10, 8, 10];
  const rest = room - kind - customer - chance - worth - 12;
  const widths = [kind, customer, Math.floor(rest * 0.4), chance, worth, Math.floor(rest * 0.6)];
  for (const market of [...markets].sort((a, b) => b.customers - a.customers)) {
    const best = await bestOf(api, market.market, asOf);
    lines.push('', marketText(market));
    lines.push(
      table(
        ['', 'customer', 'product', 'chance', 'revenue', 'because'],
        best.map((row) => [
          kindText(row),
          row.customerId,
          row.description || row.productId,
          `${Math.round(100 * row.probability)} %`,
          amount(row.expectedRevenue),
          row.reason,
        ]),
        { widths, right: ['chance', 'revenue'] },
      ),
    );
  }
  lines.push(...(await gapsText(api, run, { markets: markets.map(({ market }) => market), asOf, room })));
  if (quality) {
    const { ndcgAll, ndcgFrequency, customers, liftOverPopularity, expectedRevenue, realisedRevenue } = quality;
    lines.push(
      '',
      `Checked on days held back, ${customers} customers: the lists score ${ndcgAll.toFixed(3)} (NDCG@10; 1 is perfect), what each bought most often ${ndcgFrequency.toFixed(3)}.`,
      `${liftOverPopularity ? `They found ${liftOverPopularity.mean.toFixed(1)} times as many purchases as each market’s most popular products. ` : ''}Revenue expected ${amount(expectedRevenue)}, realised ${amount(realisedRevenue)}.`,
    );
  }
  if (model) lines.push(`Model version ${model.version}: ${model.reason}.`);
  if (response?.version) lines.push(`Version ${response.version} of the response to offers: ${response.reason}.`);
  return lines.join('\n');
}

function marketText({ market, customers, horizonDays, expectedRevenue, offers }: MarketReport): string {
  const chosen = offers
    ? `; ${offers.offers} offers, margin +${amount(offers.incrementalMargin)} for ${amount(offers.spend)} of discounts`
    : '';
  return `${market}: lists for ${customers} customers, revenue ${amount(expectedRevenue)} expected in ${horizonDays} days${chosen}; for example`;
}

/** The line of each kind with the highest expected revenue. */
async function bestOf(api: ApiClient, market: string, asOf: string): Promise<MarketListRow[]> {
  const path = `/v1/offers/markets/${encodeURIComponent(market)}/list`;
  const best = async (kind: MarketListKind) =>
    (await api.get<{ lines: MarketListRow[] }>(path, { asOf, kind, limit: 1 })).lines;
  return (await Promise.all([...marketListKinds].reverse().map(best))).flat();
}

function kindText({ kind, discount }: MarketListRow): string {
  return { next: 'buys next', new: 'never bought', offer: `offer −${discount} %` }[kind];
}
