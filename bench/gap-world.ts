import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readableFormatOf } from '../contracts/document-formats.ts';
import type { Assortment, CustomerText, OutsideGap } from '../domain/assortment-gap/index.ts';
import { readSentences } from '../domain/nlp/documents/index.ts';
import type { SqlEngineFactory } from '../domain/ports/sql-engine.ts';
import { quote } from '../domain/preprocessing/sql.ts';
import type { DemoMention } from '../pipelines/offers/demo/hard-texts.ts';

/** A generated wholesaler whose truth is known. */
export interface GapWorld {
  readonly assortment: Assortment;
  readonly texts: readonly CustomerText[];
  /** Whether a customer has ever bought a product. */
  hasBought(customer: number, product: number): boolean;
  /** Products that a customer's texts say it uses and that it has never bought: `customer product`. */
  readonly gaps: ReadonlySet<string>;
  /** What each customer's texts say of things that are in no assortment. */
  readonly outside: readonly (readonly DemoMention[])[];
}

/** Reads what `perennial demo --texts hard` wrote. Products bought on two days or more are taken to be in use. */
export async function readGapWorld(folder: string, sql: SqlEngineFactory): Promise<GapWorld> {
  const truth = JSON.parse(await readFile(join(folder, 'truth.json'), 'utf8')) as {
    customer: string;
    market: string;
    mentions: DemoMention[];
  }[];
  const engine = await sql.open();
  try {
    const sales = quote(join(folder, 'sales', '*.csv.gz'));
    await engine.execute(`
      create table sales as select CustomerID as customer, StockCode as product, Description as name, cast(InvoiceDate as date) as day
      from read_csv(${sales}, header = true, all_varchar = true) where not starts_with(InvoiceNo, 'C')`);
    const products = await engine.query(
      'select product, any_value(name) as name from sales group by product order by product',
    );
    const pairs = await engine.query(
      'select customer, product, count(distinct day) as days from sales group by all order by all',
    );
    const customerOf = new Map(truth.map(({ customer }, i) => [customer, i]));
    const productOf = new Map(products.map(({ product }, i) => [String(product), i]));
    const bought = new Set<string>();
    const used: number[][] = truth.map(() => []);
    for (const { customer, product, days } of pairs) {
      const [c, p] = [customerOf.get(String(customer)) as number, productOf.get(String(product)) as number];
      bought.add(`${c} ${p}`);
      if (Number(days) > 1) (used[c] as number[]).push(p);
    }
    const start = new Int32Array(truth.length + 1);
    used.forEach((own, c) => {
      start[c + 1] = start[c]! + own.length;
    });
    const markets = [...new Set(truth.map(({ market }) => market))].sort();
    const texts: CustomerText[] = [];
    for (const [c, { customer }] of truth.entries())
      texts.push(...(await textsOf(c, join(folder, 'documents', customer))));
    const gaps = new Set<string>();
    truth.forEach(({ mentions }, c) => {
      for (const { product, used: isUsed } of mentions) {
        const p = productOf.get(product ?? '');
        if (isUsed && p !== undefined && !bought.has(`${c} ${p}`)) gaps.add(`${c} ${p}`);
      }
    });
    return {
      assortment: {
        names: products.map(({ name }) => String(name)),
        market: Int32Array.from(truth, ({ market }) => markets.indexOf(market)),
        bought: { start, product: Int32Array.from(used.flatMap((own) => own.sort((a, b) => a - b))) },
      },
      texts,
      hasBought: (customer, product) => bought.has(`${customer} ${product}`),
      gaps,
      outside: truth.map(({ mentions }) => mentions.filter(({ outside }) => outside !== undefined)),
    };
  } finally {
    await engine.close();
  }
}

/** What was planted, in no assortment, at the places that a gap shows: `customer thing`. */
export function plantedOutside({ outside }: GapWorld, { customer, evidence }: OutsideGap): string[] {
  return (outside[customer] ?? [])
    .filter(({ text }) =>
      evidence.some(({ sentence, start, end }) => {
        const at = sentence.indexOf(text);
        return at >= 0 && at < end && start < at + text.length;
      }),
    )
    .map((one) => `${customer} ${one.outside}`);
}

async function textsOf(customer: number, folder: string): Promise<CustomerText[]> {
  const out: CustomerText[] = [];
  for (const source of (await readdir(folder)).sort()) {
    const bytes = await readFile(join(folder, source));
    const signal = new AbortController().signal;
    const sentences = await readSentences(readableFormatOf(source) ?? 'txt', bytes, signal);
    out.push({ customer, source, sentences: sentences.map(({ text }) => text) });
  }
  return out;
}
