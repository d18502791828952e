import type { CustomerPrediction } from '../contracts/offers.ts';
import type { ApiClient } from './client.ts';
import { outputOf, type RunDetail } from './runs.ts';
import { shorten, table } from './terminal.ts';

interface MarketReport {
  readonly market: string;
  readonly customers: number;
  readonly modelVersion: number;
  readonly hit: number | null;
  readonly topNew: readonly { readonly description: string; readonly customers: number }[];
}

interface Report {
  readonly asOf: string;
  readonly markets: readonly MarketReport[];
  readonly quality: { readonly ndcgAll: number; readonly ndcgFrequency: number; readonly customers: number } | null;
  readonly model: { readonly version: number; readonly reason: string } | null;
}

/** Customers shown of each market. */
const shown = 2;

/** What a salesperson takes from a run: whom to call in each market, with what, and why. */
export async function offersText(api: ApiClient, run: RunDetail): Promise<string> {
  const report = outputOf(run, 'report') as unknown as Report;
  const rows: string[][] = [];
  for (const { market, customers, hit } of report.markets) {
    const path = `/v1/offers/markets/${encodeURIComponent(market)}/predictions`;
    const { predictions } = await api.get<{ predictions: CustomerPrediction[] }>(path, {
      asOf: report.asOf,
      limit: 500,
    });
    const best = predictions
      .filter((p) => p.products.length > 0 && p.newProducts.length > 0)
      .sort((a, b) => (b.products[0]?.score ?? 0) - (a.products[0]?.score ?? 0))
      .slice(0, shown);
    rows.push([`${market}, ${customers} customers`, '', '', '', ...(hit === null ? [''] : [''])]);
    for (const { customerId, products, newProducts } of best) {
      const [next, fresh] = [products[0], newProducts[0]];
      rows.push([
        `  ${customerId}`,
        shorten(next?.description ?? '', 34),
        shorten(next?.reason ?? '', 44),
        shorten(fresh?.description ?? '', 34),
        shorten(fresh?.reason ?? '', 44),
      ]);
    }
  }
  const lines = [
    `Offers from ${report.asOf} on`,
    '',
    table(['market, customer', 'buys next', 'because', 'never bought here', 'because'], rows),
  ];
  if (report.quality) {
    const { ndcgAll, ndcgFrequency, customers } = report.quality;
    lines.push(
      '',
      `Checked on the days held back, ${customers} customers: the order of the lists scores ${ndcgAll.toFixed(3)} (NDCG@10), listing what each bought most often ${ndcgFrequency.toFixed(3)}.`,
    );
  }
  if (report.model) lines.push(`Model version ${report.model.version}: ${report.model.reason}.`);
  return lines.join('\n');
}
