import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { PerennialError } from '../../../contracts/errors.ts';
import { Random } from '../../../domain/nlp/random.ts';
import { dateOf, dayNumber } from '../days.ts';
import { type DemoProduct, makeCatalogue } from './catalogue.ts';
import { breadthOf, type DemoCustomer, makeCustomer, makeMarkets, weighted } from './customers.ts';
import { type DemoMention, HardTexts } from './hard-texts.ts';
import { offersHeader, offersOfDay, plantResponse } from './offers.ts';
import { customerText } from './texts.ts';

export interface DemoOptions {
  readonly customers: number;
  readonly products: number;
  readonly days: number;
  /** Default 5; at most 8. */
  readonly markets?: number;
  /** Default 1. The same options give the same bytes. */
  readonly seed?: number;
  /** Folder; made if needed. */
  readonly out: string;
  /** Last day, YYYY-MM-DD; default 2026-06-30. */
  readonly end?: string;
  /**
   * Customers' texts: `plain` is a file each that names products in the catalogue's words; `hard` are some each, in two
   * languages, with other names, slips and distractors ({@link HardTexts}), and with what they mention in `truth.json`.
   * Default plain.
   */
  readonly texts?: 'plain' | 'hard';
  readonly progress?: (done: number, total: number, unit: string) => void;
}

export interface DemoReport {
  readonly sales: string;
  /** File of offers with their outcomes. */
  readonly offers: string;
  /** Folder of customers' texts. */
  readonly documents: string;
  readonly rows: number;
  readonly firstDate: string;
  readonly lastDate: string;
  readonly markets: readonly string[];
}

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
/** Share of order lines that come back. */
const returned = 0.02;

/**
 * Generates a wholesaler: daily sales (`sales/DATE.csv.gz`), customers' texts (`documents/ID.txt`, or several in
 * `documents/ID/`), offers with discounts and their outcomes, some held out at random (`offers.csv`), and the planted
 * truth (`truth.json`). Written day by day, so memory grows with
 * customers and products, not with days.
 *
 * @throws VALIDATION_FAILED when a number is out of range.
 */
export async function generateDemo(options: DemoOptions): Promise<DemoReport> {
  const { customers: size, products, days, seed = 1, out, end = '2026-06-30', progress } = options;
  for (const [name, value, least, most] of [
    ['customers', size, 1, 10_000_000],
    ['products', products, 8, 10_000_000],
    ['days', days, 1, 10_000_000],
    ['markets', options.markets ?? 5, 1, 8],
    ['seed', seed, 0, 4_294_967_295],
  ] as const) {
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new PerennialError(
        'VALIDATION_FAILED',
        `${name} is ${value}; it must be a whole number from ${least} to ${most}.`,
        { remedy: `Correct --${name}.` },
      );
    }
  }
  // Date.parse takes 30 February for 2 March.
  if (!/^\d{4}-\d{2}-\d{2}$/.test(end) || Number.isNaN(Date.parse(end)) || dateOf(dayNumber(end)) !== end) {
    throw new PerennialError('VALIDATION_FAILED', `end is "${end}"; it must be a day, YYYY-MM-DD.`, {
      remedy: 'Give end as YYYY-MM-DD.',
    });
  }
  const random = new Random(seed);
  const hard = options.texts === 'hard';
  const catalogue = makeCatalogue(products, random, hard);
  const markets = makeMarkets(options.markets ?? 5, random);
  const customers = Array.from({ length: size }, (_, i) => makeCustomer(i, markets, catalogue, days, random));
  const first = dayNumber(end) - days + 1;
  const sales = join(out, 'sales');
  const documents = join(out, 'documents');
  await mkdir(sales, { recursive: true });
  await mkdir(documents, { recursive: true });

  let rows = 0;
  let invoice = 500_000;
  // Draws of its own, so that the sales are the same whatever is offered.
  const chance = new Random(seed + 0x0ffe25);
  const responses = customers.map((customer) => plantResponse(customer, chance));
  const offers = join(out, 'offers.csv');
  await writeFile(offers, offersHeader);
  // A day is packed on another core while the next one is made.
  let packed: Promise<void> = Promise.resolve();
  for (let day = 0; day < days; day++) {
    const date = dateOf(first + day);
    const lines: string[] = [];
    for (const customer of customers) {
      if (customer.nextDay !== day) continue;
      customer.nextDay = day + Math.max(1, Math.round(customer.everyDays * (0.5 + random.next())));
      invoice++;
      const time = `${date} ${String(8 + random.below(9)).padStart(2, '0')}:${String(random.below(60)).padStart(2, '0')}:00`;
      for (const product of basketOf(customer, catalogue, first + day, random)) {
        const item = catalogue[product] as DemoProduct;
        const quantity = 1 + Math.floor(Math.exp(1.5 * random.next() + 0.5));
        lines.push(line(String(invoice), item, quantity, time, customer));
        if (random.next() < returned) lines.push(line(`C${invoice}`, item, -1, time, customer));
      }
    }
    await packed;
    packed = writePacked(join(sales, `${date}.csv.gz`), header + lines.join(''));
    // It is waited for a day later; until then nobody would hear of a failure.
    packed.catch(() => {});
    await appendFile(offers, offersOfDay(customers, responses, catalogue, date, chance));
    rows += lines.length;
    progress?.(day + 1, days, 'days');
  }
  await packed;
  const texts = hard ? new HardTexts(catalogue, random) : null;
  const mentions: DemoMention[][] = [];
  for (const customer of customers) {
    const found = texts?.of(customer, [...customer.staples.filter(() => random.next() < 0.7), ...customer.gap]);
    if (found) await mkdir(join(documents, customer.id), { recursive: true });
    else await writeFile(join(documents, `${customer.id}.txt`), customerText(customer, catalogue, random));
    for (const { name, text } of found ?? []) await writeFile(join(documents, customer.id, name), text);
    mentions.push((found ?? []).flatMap((document) => document.mentions));
  }
  const truth = customers.map(({ id, market, staples, gap }, i) => ({
    customer: id,
    market,
    staples: staples.map((p) => catalogue[p]?.id),
    gap: gap.map((p) => catalogue[p]?.id),
    offers: responses[i],
    ...(hard ? { mentions: mentions[i] } : {}),
  }));
  await writeFile(join(out, 'truth.json'), `${JSON.stringify(truth, null, 1)}\n`);
  return {
    sales,
    offers,
    documents,
    rows,
    firstDate: dateOf(first),
    lastDate: end,
    markets: markets.map((m) => m.name),
  };
}

const pack = promisify(gzip);

async function writePacked(file: string, text: string): Promise<void> {
  await writeFile(file, await pack(text));
}

/** Staples that are due, and some of what the customer's themes and the season offer; never its gap. */
function basketOf(customer: DemoCustomer, catalogue: readonly DemoProduct[], day: number, random: Random): Set<number> {
  const basket = new Set(customer.staples.filter(() => random.next() < 0.55));
  const dayOfYear =
    new Date(day * 86_400_000).getTime() / 86_400_000 -
    Date.UTC(new Date(day * 86_400_000).getUTCFullYear(), 0) / 86_400_000;
  for (let tries = Math.round((2 + random.below(5)) * breadthOf(catalogue)); tries > 0; tries--) {
    const draws = Array.from({ length: 4 }, () => Math.floor(catalogue.length * random.next() ** 1.6));
    const product =
      draws[
        weighted(
          draws.map((p) => appeal(customer, catalogue[p], dayOfYear)),
          random,
        )
      ] ?? 0;
    if (!customer.gap.includes(product)) basket.add(product);
  }
  return basket;
}

function appeal(customer: DemoCustomer, product: DemoProduct | undefined, dayOfYear: number): number {
  if (!product) return 0;
  const rank = customer.themes.indexOf(product.theme);
  const liked = rank < 0 ? 0.15 : 2 - 0.5 * rank;
  if (product.season === null) return liked;
  const away = Math.abs(((dayOfYear - product.season + 547) % 365) - 182);
  return liked * (0.2 + 2 * Math.exp(-((away / 35) ** 2)));
}

function line(
  invoice: string,
  { id, description, price }: DemoProduct,
  quantity: number,
  time: string,
  customer: DemoCustomer,
): string {
  return `${invoice},${id},${description},${quantity},${time},${price},${customer.id},${customer.market}\n`;
}
