import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  clausesOf,
  GapFinder,
  Linker,
  type OutsideGap,
  type ParaphraseKind,
  paraphrase,
  trainGap,
  trainLinker,
} from '../domain/assortment-gap/index.ts';
import { normaliseText, Random, silentHooks } from '../domain/nlp/index.ts';
import { calibrationError } from '../domain/offer-response/index.ts';
import type { SqlEngineFactory } from '../domain/ports/sql-engine.ts';
import { quote } from '../domain/preprocessing/sql.ts';
import { generateDemo } from '../pipelines/offers/demo/index.ts';
import { CharTfIdf } from './char-tfidf.ts';
import { rounded } from './figures.ts';
import { type GapWorld, plantedOutside, readGapWorld } from './gap-world.ts';

export interface GapBench {
  readonly customers: number;
  readonly gaps: number;
  /** Of the gaps told with a score of at least 0.5. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Expected calibration error of all gaps told, ten bins of equal size. */
  readonly calibration_error: number;
  /** Of nearest neighbours by character n-grams, with the threshold that is best for it on the truth itself. */
  readonly f1_char_tfidf: number;
  /** Things in no assortment that customers use, told with a score of at least 0.5. */
  readonly outside_told: number;
  readonly outside_precision: number;
  /** Of those that are planted, a customer and a thing each. */
  readonly outside_recall: number;
  readonly outside_calibration_error: number;
  readonly train_s: number;
}

export interface LinkBench {
  readonly names: number;
  readonly paraphrases: number;
  /** Share of the paraphrases whose best product has the name. */
  readonly linking_accuracy: number;
  readonly linking_accuracy_char_tfidf: number;
}

export interface GapBenchOptions {
  readonly customers: number;
  readonly products: number;
  readonly days: number;
  readonly seed: number;
  /** Gaps to show. */
  readonly show: number;
}

/** Score from which a gap counts as told. */
const told = 0.5;
const paraphrases = 500;

/** Gaps of a generated wholesaler, whose texts are in two languages, with other names, slips and distractors. */
export async function benchGap(
  sql: SqlEngineFactory,
  options: GapBenchOptions,
  report: (line: string) => void,
): Promise<GapBench> {
  const folder = await mkdtemp(join(tmpdir(), 'perennial-gap-'));
  try {
    await generateDemo({ ...options, texts: 'hard', out: folder });
    const world = await readGapWorld(folder, sql);
    report(`${world.texts.length} texts of ${options.customers} customers, ${world.gaps.size} planted gaps`);
    const from = performance.now();
    const hooks = silentHooks();
    const model = await trainGap(world.assortment, world.texts, { seed: options.seed }, hooks);
    const seconds = (performance.now() - from) / 1000;
    const finder = new GapFinder(world.assortment.names, model);
    const { gaps: found, outside } = await finder.find(world.texts, world.hasBought, hooks.signal);
    const right = (one: { customer: number; product: number }) => world.gaps.has(`${one.customer} ${one.product}`);
    const sure = found.filter(({ score }) => score >= told);
    for (const one of sure.slice(0, options.show)) {
      const [{ sentence, start, end } = { sentence: '', start: 0, end: 0 }] = one.evidence;
      const name = world.assortment.names[one.product];
      report(
        `${right(one) ? 'right' : 'wrong'} ${one.score.toFixed(2)} ${name}: ${sentence.slice(0, start)}[${sentence.slice(start, end)}]${sentence.slice(end)}`,
      );
    }
    const hits = sure.filter(right).length;
    return {
      customers: options.customers,
      gaps: world.gaps.size,
      precision: rounded(hits / sure.length, 4),
      recall: rounded(hits / world.gaps.size, 4),
      f1: rounded(f1(hits, sure.length, world.gaps.size), 4),
      calibration_error: rounded(
        calibrationError(
          Float64Array.from(found, ({ score }) => score),
          Uint8Array.from(found, (one) => (right(one) ? 1 : 0)),
        ).error,
        4,
      ),
      f1_char_tfidf: rounded(bestF1OfTfIdf(world), 4),
      ...judgeOutside(world, outside, options.show, report),
      train_s: rounded(seconds, 1),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Paraphrases by rule of a catalogue's names, linked back: a folder of daily sales in the columns of UCI Online Retail. */
export async function benchLinking(
  sql: SqlEngineFactory,
  source: string,
  seed: number,
  report: (line: string) => void,
): Promise<LinkBench> {
  const engine = await sql.open();
  let names: string[];
  try {
    const rows = await engine.query(`
      select mode(Description) as name from read_csv(${quote(join(source, '*.csv.gz'))}, header = true, quote = '"', escape = '"', all_varchar = true)
      where regexp_matches(StockCode, '^[0-9]{5}') and Description is not null and CustomerID is not null group by StockCode order by StockCode`);
    names = rows.map(({ name }) => String(name));
  } finally {
    await engine.close();
  }
  const nobody = { names, market: new Int32Array(0), bought: { start: new Int32Array(1), product: new Int32Array(0) } };
  const { encoder } = await trainLinker(nobody, [], { seed }, silentHooks());
  const linker = new Linker(names, encoder);
  const peer = new CharTfIdf(names);
  const random = new Random(seed + 1000);
  const kinds: readonly ParaphraseKind[] = ['order', 'plural', 'abbreviation', 'missing'];
  const same = (a: number, b: number) => wordsOf(names[a]) === wordsOf(names[b]);
  let [ours, theirs] = [0, 0];
  for (let i = 0; i < paraphrases; ) {
    const product = random.below(names.length);
    const some = kinds.filter(() => random.next() < 0.5);
    const text = paraphrase(names[product] as string, some, random);
    if (some.length === 0 || text === '') continue;
    i++;
    const [best] = linker.rank(text, 1);
    if (best && same(best.product, product)) ours++;
    else if (i % 10 === 0)
      report(`"${text}" is ${names[product]}, taken for ${best ? names[best.product] : 'nothing'}`);
    if (same(peer.nearest(text).row, product)) theirs++;
  }
  return {
    names: names.length,
    paraphrases,
    linking_accuracy: rounded(ours / paraphrases, 4),
    linking_accuracy_char_tfidf: rounded(theirs / paraphrases, 4),
  };
}

/** How far what is told to be in no assortment is what was planted so. */
function judgeOutside(world: GapWorld, found: readonly OutsideGap[], show: number, report: (line: string) => void) {
  const hit = (one: OutsideGap): string[] => plantedOutside(world, one);
  const sure = found.filter(({ score }) => score >= told);
  for (const one of sure.slice(0, show)) {
    const [{ sentence, start, end } = { sentence: '', start: 0, end: 0 }] = one.evidence;
    report(
      `${hit(one).length > 0 ? 'right' : 'wrong'} ${one.score.toFixed(2)} not in the assortment, ${one.name}: ${sentence.slice(0, start)}[${sentence.slice(start, end)}]${sentence.slice(end)}`,
    );
  }
  const all = new Set(world.outside.flatMap((own, customer) => own.map(({ outside }) => `${customer} ${outside}`)));
  const hits = new Set(sure.flatMap(hit));
  return {
    outside_told: sure.length,
    outside_precision: rounded(sure.filter((one) => hit(one).length > 0).length / sure.length, 4),
    outside_recall: rounded(hits.size / all.size, 4),
    outside_calibration_error: rounded(
      calibrationError(
        Float64Array.from(found, ({ score }) => score),
        Uint8Array.from(found, (one) => (hit(one).length > 0 ? 1 : 0)),
      ).error,
      4,
    ),
  };
}

/** Names with the same words are the same product to whoever reads them. */
function wordsOf(name = ''): string {
  return [...new Set(normaliseText(name).split(' '))].sort().join(' ');
}

function f1(hits: number, told: number, all: number): number {
  return hits === 0 ? 0 : (2 * hits) / (told + all);
}

/** Windows of two to five words to their nearest name, the best of places that overlap; for the best of 19 thresholds. */
function bestF1OfTfIdf({ assortment, texts, hasBought, gaps }: GapWorld): number {
  const index = new CharTfIdf(assortment.names);
  const best = new Map<string, number>();
  const known = new Map<string, { row: number; cosine: number }>();
  const nearest = (text: string) => {
    let one = known.get(text);
    if (!one) {
      one = index.nearest(text);
      known.set(text, one);
    }
    return one;
  };
  for (const { customer, sentences } of texts) {
    for (const clause of sentences.flatMap(clausesOf)) {
      const found: { from: number; to: number; row: number; cosine: number }[] = [];
      for (let from = 0; from < clause.length; from++) {
        for (let to = from + 2; to <= Math.min(clause.length, from + 5); to++)
          found.push({
            from,
            to,
            ...nearest(
              clause
                .slice(from, to)
                .map(({ word }) => word)
                .join(' '),
            ),
          });
      }
      found.sort((a, b) => b.cosine - a.cosine);
      const taken = new Uint8Array(clause.length);
      for (const { from, to, row, cosine } of found) {
        if (taken.subarray(from, to).includes(1)) continue;
        taken.fill(1, from, to);
        const key = `${customer} ${row}`;
        if (!hasBought(customer, row)) best.set(key, Math.max(best.get(key) ?? 0, cosine));
      }
    }
  }
  const thresholds = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
  return Math.max(
    ...thresholds.map((threshold) => {
      const sure = [...best].filter(([, cosine]) => cosine >= threshold);
      return f1(sure.filter(([key]) => gaps.has(key)).length, sure.length, gaps.size);
    }),
  );
}
