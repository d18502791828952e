import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CommanderError } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { drawTexts, sentencesOfFile } from '../../../bench/load-texts.ts';
import { openLoop, poissonArrivals, times } from '../../../bench/open-loop.ts';
import { benchTranslateLoad } from '../../../bench/translate-load.ts';
import { buildProgram } from '../../../cli/program.ts';
import { loadConfig } from '../../../config/index.ts';
import { Random } from '../../../domain/nlp/random.ts';

const folder = mkdtempSync(join(tmpdir(), 'perennial-load-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the options of translate-load', () => {
  const command = () => {
    const bench = buildProgram().commands.find((c) => c.name() === 'bench');
    return bench!.commands.find((c) => c.name() === 'translate-load')!;
  };
  const parse = (...args: string[]) => {
    const parsed = command()
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    parsed.parseOptions(args);
    return parsed.opts();
  };

  it('have defaults', () =>
    expect(parse()).toEqual({ rate: 100, seconds: 60, overload: 10, model: 'champion', seed: 1 }));

  it('are read', () =>
    expect(parse('--pair', 'en-US:de', '--in', 'f.en', '--rate', '20', '--seconds', '5', '--model', '3')).toMatchObject(
      {
        pair: { source: 'en-US', target: 'de' },
        in: 'f.en',
        rate: 20,
        seconds: 5,
        model: '3',
      },
    ));

  it.each([
    ['--rate', '0'],
    ['--seconds', '1.5'],
    ['--overload', '1'],
    ['--pair', 'english'],
  ])('refuse %s %s', (name, value) => expect(() => parse(name, value)).toThrow(CommanderError));
});

it('says what to do when the pair has no model', async () => {
  const models = { get: async () => null, byAlias: async () => null };
  const composed = { database: { models }, services: {} } as unknown as Parameters<typeof benchTranslateLoad>[0];
  const options = {
    pair: { source: 'en', target: 'ja' },
    rate: 1,
    seconds: 1,
    overload: 2,
    model: 'champion',
    seed: 1,
  };
  await expect(benchTranslateLoad(composed, loadConfig({}), () => {}, options)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    fields: [{ field: 'pair', value: 'en-ja' }],
    remedy: expect.stringContaining('perennial train translation --pair en-ja'),
  });
  await expect(
    benchTranslateLoad(composed, loadConfig({}), () => {}, { ...options, model: '7' }),
  ).rejects.toMatchObject({ fields: [{ field: 'model', value: '7' }] });
});

describe('texts', () => {
  it('are one to three sentences of a file, the same for the same seed', () => {
    const file = join(folder, 'sentences.en.gz');
    writeFileSync(file, gzipSync('One.\n\n Two. \nThree.\n'));
    const sentences = sentencesOfFile(file);
    expect(sentences).toEqual(['One.', 'Two.', 'Three.']);
    const texts = drawTexts(300, sentences, new Random(1));
    expect(texts).toEqual(drawTexts(300, sentences, new Random(1)));
    const lengths = texts.map((text) => text.split(' ').length);
    expect(new Set(lengths)).toEqual(new Set([1, 2, 3]));
  });

  it('name the file that is missing or empty', () => {
    const empty = join(folder, 'empty.en');
    writeFileSync(empty, '\n');
    for (const file of [empty, join(folder, 'none.en')])
      expect(() => sentencesOfFile(file)).toThrow(expect.objectContaining({ code: 'SOURCE_INVALID' }));
  });
});

describe('an open loop', () => {
  it('has Poisson arrivals at its rate, the same for the same seed', () => {
    const due = poissonArrivals(100, 60, new Random(1));
    expect(due).toEqual(poissonArrivals(100, 60, new Random(1)));
    expect(due).toEqual(due.toSorted((a, b) => a - b));
    expect(due.at(-1)).toBeLessThan(60_000);
    // 6,000 within four standard deviations.
    expect(Math.abs(due.length - 6000)).toBeLessThan(4 * Math.sqrt(6000));
    const gaps = due.slice(1).map((at, i) => at - (due[i] as number));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    // Of an exponential distribution both are the same.
    expect(deviation / mean).toBeCloseTo(1, 1);
  });

  it('sends what is due however many are unanswered', async () => {
    const waiting: (() => void)[] = [];
    const answers = await openLoop([0, 0, 0], (index) => {
      if (index === 2) setImmediate(() => waiting.forEach((answer) => void answer()));
      return new Promise((resolve) => {
        waiting.push(() => resolve({ status: 200 + index, hasRetryAfter: false }));
      });
    });
    expect(answers.map(({ status }) => status)).toEqual([200, 201, 202]);
    for (const { ms, lateMs } of answers) expect(ms).toBeGreaterThanOrEqual(lateMs);
  });

  it('gives percentiles by the nearest rank, and null of nothing', () => {
    const answers = Array.from({ length: 200 }, (_, i) => ({
      status: 200,
      hasRetryAfter: false,
      ms: i + 1,
      lateMs: 0,
    }));
    expect(times(answers)).toEqual({ p50_ms: 100, p99_ms: 198, max_ms: 200 });
    expect(times([])).toEqual({ p50_ms: null, p99_ms: null, max_ms: null });
  });
});
