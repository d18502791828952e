import type { CustomerText } from '../../../domain/assortment-gap/index.ts';
import type { StepServices } from '../../../domain/ports/step-context.ts';
import type { SalesTable } from '../../../domain/recommend/index.ts';
import { datasets } from '../datasets.ts';
import { currentDocumentsSql } from './table.ts';

export interface CustomerTexts {
  readonly texts: readonly CustomerText[];
  /** Customers with documents that no sale is known of; they are left out. */
  readonly unknown: number;
}

/** What the documents of the lake say now, by customer and file, with the indices of the sales table. */
export async function loadTexts(
  sales: SalesTable,
  { lake, sql }: Pick<StepServices, 'lake' | 'sql'>,
): Promise<CustomerTexts> {
  const partitions = await lake.list(datasets.documents);
  if (partitions.length === 0) return { texts: [], unknown: 0 };
  const engine = await sql.open();
  try {
    const rows = await engine.columns(
      `select customer_id, source, sentence from ${currentDocumentsSql(partitions)} where position >= 0 order by customer_id, source, position`,
    );
    const [customers, sources, sentences] = [rows['customer_id'], rows['source'], rows['sentence']] as string[][];
    const index = new Map(sales.customers.map((id, i) => [id, i]));
    const texts: (CustomerText & { readonly sentences: string[] })[] = [];
    const unknown = new Set<string>();
    customers?.forEach((id, r) => {
      const customer = index.get(id);
      if (customer === undefined) {
        unknown.add(id);
        return;
      }
      const source = sources?.[r] ?? '';
      const last = texts.at(-1);
      if (last?.customer === customer && last.source === source) last.sentences.push(sentences?.[r] ?? '');
      else texts.push({ customer, source, sentences: [sentences?.[r] ?? ''] });
    });
    return { texts, unknown: unknown.size };
  } finally {
    await engine.close();
  }
}

/** Sentences that the documents of the lake have now, by the batch they came in with. */
export async function sentencesByBatch({
  lake,
  sql,
}: Pick<StepServices, 'lake' | 'sql'>): Promise<ReadonlyMap<string, number>> {
  const partitions = await lake.list(datasets.documents);
  if (partitions.length === 0) return new Map();
  const engine = await sql.open();
  try {
    const rows = await engine.query(
      `select batch, count(*) as sentences from ${currentDocumentsSql(partitions)} where position >= 0 group by batch order by batch`,
    );
    return new Map(rows.map((row) => [String(row['batch']), Number(row['sentences'])]));
  } finally {
    await engine.close();
  }
}
