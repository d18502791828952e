import type { ArtifactRef } from '../../../contracts/artifacts.ts';
import {
  assortmentOf,
  type CustomerText,
  decodeGap,
  GapFinder,
  type YearlyValue,
  yearlyValues,
} from '../../../domain/assortment-gap/index.ts';
import type { StepServices } from '../../../domain/ports/step-context.ts';
import type { SalesTable } from '../../../domain/recommend/index.ts';
import { datasets } from '../datasets.ts';
import { dayNumber } from '../days.ts';
import { loadTexts } from '../documents/customer-texts.ts';
import { keepLast } from '../keep-last.ts';
import type { TablesOutput } from '../outputs.ts';
import { sharedSalesTable } from '../sales-table.ts';

/** What the gaps of a run's markets are found with. */
export interface MarketFinder {
  readonly sales: SalesTable;
  readonly finder: GapFinder;
  readonly texts: readonly CustomerText[];
  hasBought(customer: number, product: number): boolean;
  value(customer: number, product: number): YearlyValue | null;
}

const last = keepLast<MarketFinder>();

/** Loaded once per worker for all markets of a run. */
export async function marketFinder(
  { tables, asOf }: Pick<TablesOutput, 'tables' | 'asOf'>,
  gap: ArtifactRef,
  services: Pick<StepServices, 'artifacts' | 'sql' | 'lake'>,
): Promise<MarketFinder> {
  const documents = (await services.lake.list(datasets.documents)).map(({ sha256 }) => sha256);
  return last(JSON.stringify([tables, asOf, gap.sha256, documents]), async () => {
    const sales = await sharedSalesTable(tables, services.artifacts, services.sql);
    const { names, hasBought } = assortmentOf(sales);
    return {
      sales,
      finder: new GapFinder(names, decodeGap(await services.artifacts.getBytes(gap))),
      texts: (await loadTexts(sales, services)).texts,
      hasBought,
      value: yearlyValues(sales, dayNumber(asOf)),
    };
  });
}
