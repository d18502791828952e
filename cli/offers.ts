import type { CustomerPrediction, NextProduct } from '../contracts/offers.ts';
import type { ApiClient } from './client.ts';
import { gapsText } from './gaps.ts';
import { outputOf, type RunDetail } from './runs.ts';
import { table } from './terminal.ts';

interface MarketReport {
  readonly market: string;
  readonly customers: number;
}

interface Report {
  readonly asOf: string;
  readonly markets: readonly MarketReport[];
  readonly quality: { readonly ndcgAll: number; readonly ndcgFrequency: number; readonly customers: number } | null;
  readonly model: { readonly version: number; readonly reason: string } | null;
}

/** Customers shown of each market. */
const shown = 2;
/** Widest and narrowest table, characters; in between it fills the terminal. */
const [narrow, wide] = [100, 170];

/** What a salesperson takes from a run: whom to call in each market, with what, and why. */
export async function offersText(api: ApiClient, run: RunDetail): Promise<string> {
  const { asOf, markets, quality, model } = outputOf(run, 'report') as unknown as Report;
  const lines = [`Offers from ${asOf} on`];
  const room = Math.min(wide, Math.max(narrow, process.stdout.columns ?? 120)) - 18;
  const widths = [10, ...[0.22, 0.28, 0.22, 0.28].map((share) => Math.floor(room * share))];
  for (const { market, customers } of [...markets].sort((a, b) => b.customers - a.customers)) {
    const best = await bestOf(api, market, asOf);
    lines.push('', `${market}: lists for ${customers} customers, for example`);
    lines.push(
      table(
        ['customer', 'buys next', 'because', 'never bought here', 'because'],
        best.map((p) => [p.customerId, ...cells(p.products[0]), ...cells(p.newProducts[0])]),
        { widths },
      ),
    );
  }
  lines.push(...(await gapsText(api, run, { markets: markets.map(({ market }) => market), asOf, room })));
  if (quality) {
    const { ndcgAll, ndcgFrequency, customers } = quality;
    lines.push(
      '',
      `Checked on days held back, ${customers} customers: the lists score ${ndcgAll.toFixed(3)} (NDCG@10; 1 is perfect), what each bought most often ${ndcgFrequency.toFixed(3)}.`,
    );
  }
  if (model) lines.push(`Model version ${model.version}: ${model.reason}.`);
  return lines.join('\n');
}

/** The customers whose next purchase is surest. */
async function bestOf(api: ApiClient, market: string, asOf: string): Promise<CustomerPrediction[]> {
  const path = `/v1/offers/markets/${encodeURIComponent(market)}/predictions`;
  const { predictions } = await api.get<{ predictions: CustomerPrediction[] }>(path, { asOf, limit: 500 });
  return predictions.sort((a, b) => (b.products[0]?.score ?? 0) - (a.products[0]?.score ?? 0)).slice(0, shown);
}

function cells(product: NextProduct | undefined): [string, string] {
  return [product?.description ?? '–', product?.reason ?? ''];
}
