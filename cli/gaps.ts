import type { AssortmentGap, OutsideProduct } from '../contracts/gaps.ts';
import type { ApiClient } from './client.ts';
import { outputOf, type RunDetail } from './runs.ts';
import { table } from './terminal.ts';

/** Gaps shown of each market, and things in no assortment. */
const [shown, shownOutside] = [2, 3] as const;

/** What customers use and don't buy here, by market, with the words that show it; or why nothing was looked for. */
export async function gapsText(
  api: ApiClient,
  run: RunDetail,
  { markets, asOf, room }: { markets: readonly string[]; asOf: string; room: number },
): Promise<string[]> {
  const training = outputOf(run, 'train-gaps') as { trained: boolean; reason: string } | null;
  if (!training) return [];
  if (!training.trained) return ['', sentence(training.reason)];
  const rows: string[][] = [];
  const outside: string[] = [];
  for (const market of markets) {
    const path = `/v1/offers/markets/${encodeURIComponent(market)}`;
    const query = { asOf, limit: shown };
    const { gaps } = await api.get<{ gaps: AssortmentGap[] }>(`${path}/gaps`, query);
    for (const gap of gaps) rows.push([market, gap.customerId, gap.name, percent(gap.score), worth(gap), shownBy(gap)]);
    const more = await api.get<{ products: OutsideProduct[] }>(`${path}/outside-assortment`, {
      asOf,
      limit: shownOutside,
    });
    for (const { name, customers } of more.products) outside.push(`${name} (${market}, ${customers} customers)`);
  }
  const widths = [14, 10, ...[0.3, 0.1, 0.12, 0.48].map((share) => Math.floor((room - 6) * share))];
  return [
    '',
    ...(rows.length > 0
      ? [
          'Used, as texts tell, and not bought here, for example',
          table(['market', 'customer', 'uses', 'chance', 'a year', 'its words'], rows, {
            widths,
            right: ['chance', 'a year'],
          }),
        ]
      : ['No customer is likely to use a product that it doesn’t buy here.']),
    ...(outside.length > 0 ? [`Used and not in the assortment: ${outside.join(', ')}.`] : []),
  ];
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function worth({ yearlyValue }: AssortmentGap): string {
  return yearlyValue === null ? '–' : yearlyValue.toFixed(yearlyValue < 100 ? 2 : 0);
}

function shownBy({ evidence: [mention] }: AssortmentGap): string {
  return mention ? `“${mention.sentence}”` : '';
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}
