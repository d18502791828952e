import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type GapWorld, plantedOutside, readGapWorld } from '../../../bench/gap-world.ts';
import {
  type AssortmentGap,
  decodeGap,
  encodeGap,
  GapFinder,
  type GapModel,
  type OutsideGap,
  trainGap,
} from '../../../domain/assortment-gap/index.ts';
import { silentHooks } from '../../../domain/nlp/index.ts';
import { duckdbEngine } from '../../../engines/duckdb/engine.ts';
import { generateDemo } from '../../../pipelines/offers/demo/index.ts';

let world: GapWorld;
let model: GapModel;
let gaps: AssortmentGap[];
let outside: OutsideGap[];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'perennial-gap-'));
  try {
    await generateDemo({ customers: 1000, products: 200, days: 120, markets: 3, texts: 'hard', out: folder });
    world = await readGapWorld(folder, duckdbEngine({}));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  model = await trainGap(world.assortment, world.texts, { seed: 1, steps: 300, rounds: 3 }, silentHooks());
  ({ gaps, outside } = await find());
}, 600_000);

const find = (by: GapModel = model) =>
  new GapFinder(world.assortment.names, by).find(world.texts, world.hasBought, new AbortController().signal);
const isTrue = ({ customer, product }: AssortmentGap) => world.gaps.has(`${customer} ${product}`);

describe('gaps found in texts of two languages, with slips and distractors', () => {
  it('are mostly true where they are told as likely', () => {
    const sure = gaps.filter(({ score }) => score >= 0.5);
    expect(sure.length).toBeGreaterThan(0.3 * world.gaps.size);
    expect(sure.filter(isTrue).length / sure.length).toBeGreaterThan(0.7);
  });

  it('have scores that are chances', () => {
    for (const [from, to] of [
      [0, 0.3],
      [0.3, 0.7],
      [0.7, 1.01],
    ] as const) {
      const bin = gaps.filter(({ score }) => score >= from && score < to);
      const mean = bin.reduce((sum, { score }) => sum + score, 0) / bin.length;
      expect(Math.abs(mean - bin.filter(isTrue).length / bin.length)).toBeLessThan(0.2);
    }
  });

  it('are never products the customer has bought, and each stands once', () => {
    expect(gaps.filter(({ customer, product }) => world.hasBought(customer, product))).toEqual([]);
    expect(new Set(gaps.map(({ customer, product }) => `${customer} ${product}`)).size).toBe(gaps.length);
  });

  it('come with the words that show them', () => {
    for (const { evidence, customer } of gaps.slice(0, 200)) {
      expect(evidence.length).toBeGreaterThan(0);
      for (const { source, sentence, start, end } of evidence) {
        const text = world.texts.find((one) => one.customer === customer && one.source === source);
        expect(text?.sentences).toContain(sentence);
        expect(sentence.slice(start, end).trim()).not.toBe('');
      }
    }
  });

  it('are found in German too, where no word is like the name', () => {
    const german = gaps.filter(
      ({ score, evidence }) =>
        score >= 0.5 && /\b(?:Unsere|Das Team|Täglich|Ohne|Regalen|vorrätig)\b/.test(evidence[0]?.sentence ?? ''),
    );
    expect(german.length).toBeGreaterThan(20);
    expect(german.filter(isTrue).length / german.length).toBeGreaterThan(0.5);
  });

  it('are the same when they are looked for again', async () => {
    expect(await find()).toEqual({ gaps, outside });
  });

  it('are the same by a model that was stored', async () => {
    const bytes = encodeGap(model);
    expect(await find(decodeGap(bytes))).toEqual({ gaps, outside });
    expect(() => decodeGap(bytes.subarray(0, 1000))).toThrow(expect.objectContaining({ code: 'MODEL_FORMAT' }));
    expect(() => decodeGap(Uint8Array.of(1, 2, 3))).toThrow(expect.objectContaining({ code: 'MODEL_FORMAT' }));
  });
});

describe('things in no assortment', () => {
  const planted = (gap: OutsideGap): boolean => plantedOutside(world, gap).length > 0;

  it('are found where products stand, in the words of customers, and mostly true where told as likely', () => {
    const sure = outside.filter(({ score }) => score >= 0.7);
    expect(sure.length).toBeGreaterThan(0.3 * world.outside.flat().length);
    expect(sure.filter(planted).length / sure.length).toBeGreaterThan(0.7);
    expect(new Set(sure.map(({ name }) => name))).toContain('cash registers');
  });

  it('stand once for each customer, whatever their form', () => {
    expect(new Set(outside.map(({ customer, name }) => `${customer} ${name}`)).size).toBe(outside.length);
    const forms = outside.filter(({ name }) => /^dishwashers?$/.test(name));
    expect(new Set(forms.map(({ name }) => name)).size).toBe(1);
  });
});
