import { describe, expect, it } from 'vitest';
import {
  decideRetraining,
  defaultPolicy,
  type RetrainingInputs,
  type RetrainingPolicy,
} from '../../../domain/monitoring/retraining.ts';

/** Mean 0.5; sums of eighths are exact, so that a value can lie at the floor. */
const history = [0.375, 0.625, 0.375, 0.625, 0.5, 0.5, 0.375, 0.625, 0.5];
const spread = Math.sqrt((6 * 0.125 ** 2) / 8);
const floor = 0.5 - 3 * spread;

const quiet: RetrainingInputs = {
  trainedNow: false,
  ageDays: 3,
  rowsThen: 1000,
  rowsNow: 1010,
  hoursSinceTraining: 72,
  figure: { name: 'Realised hit', values: [0.5, 0.5, ...history] },
};

function decide(change: Partial<RetrainingInputs> = {}, policy?: RetrainingPolicy) {
  const decision = decideRetraining({ ...quiet, ...change }, policy);
  const rule = (name: string) => decision.reasons.find((reason) => reason.rule === name);
  return { ...decision, newData: rule('new-data'), figure: rule('figure'), coolDown: rule('cool-down') };
}

const falling = (...recent: number[]) => ({ figure: { name: 'Realised hit', values: [...recent, ...history] } });

describe('decideRetraining', () => {
  it('keeps a model when no rule fires, and says so of each', () => {
    const { verdict, summary, reasons } = decide();
    expect(verdict).toBe('keep');
    expect(reasons.map((r) => [r.rule, r.fired])).toEqual([
      ['new-data', false],
      ['figure', false],
      ['cool-down', false],
    ]);
    expect(summary).toBe('Keep the model: no rule asks for training (1.0 % new rows in 3 days).');
  });
});

describe('new data', () => {
  it.each([
    ['at both thresholds', 7, 1050, true],
    ['a day too young', 6, 2000, false],
    ['a row too few', 30, 1049, false],
    ['beyond both', 30, 2000, true],
    ['with fewer rows than before', 30, 900, false],
  ])('%s', (_, ageDays, rowsNow, fired) => {
    const { verdict, newData } = decide({ ageDays, rowsNow });
    expect(newData).toMatchObject({ fired, value: (rowsNow - 1000) / 1000, threshold: 0.05 });
    expect(verdict).toBe(fired ? 'retrain' : 'keep');
  });

  it('names the numbers in the summary', () =>
    expect(decide({ ageDays: 9, rowsNow: 1123 }).summary).toBe(
      "Train again with the next run: 12.3 % new rows came in the 9 days since the model's data end; 5.0 % after 7 days or more ask for training.",
    ));

  it('does not fire for a model that learned from no rows', () =>
    expect(decide({ ageDays: 30, rowsThen: 0 }).newData).toMatchObject({ fired: false, value: 0 }));
});

describe('the watched figure', () => {
  it.each([
    ['below the floor in both windows', [floor - 0.01, floor - 0.02], true],
    ['at the floor', [floor, floor - 0.02], false],
    ['below in the last window only', [floor - 0.01, 0.5], false],
    ['below in the window before only', [0.5, floor - 0.01], false],
    ['far above', [0.99, 0.99], false],
  ])('%s', (_, recent, fired) => {
    const { verdict, figure } = decide(falling(...recent));
    expect(figure).toMatchObject({ fired, value: recent[0] });
    expect(figure?.threshold).toBeCloseTo(floor, 12);
    expect(verdict).toBe(fired ? 'retrain' : 'keep');
  });

  it('is named with its values, floor and mean', () =>
    expect(decide(falling(0.05, 0.06)).summary).toBe(
      `Train again with the next run: Realised hit is 0.050, 0.060 in the last 2 windows; its floor is ${floor.toFixed(3)} (mean 0.500, 3 σ).`,
    ));

  it('needs a history before its fall counts', () => {
    const least = defaultPolicy.windows + defaultPolicy.minHistory;
    const values = (count: number) => [0, 0, ...history].slice(0, count);
    const short = decide({ figure: { name: 'Realised hit', values: values(least - 1) } });
    expect(short.figure).toMatchObject({ fired: false, value: 0, threshold: null });
    expect(short.figure?.text).toBe(
      'Realised hit has been measured 9 times; 10 are needed before a fall can be told from chance.',
    );
    expect(decide({ figure: { name: 'Realised hit', values: values(least) } }).verdict).toBe('retrain');
    expect(decide({ figure: { name: 'Realised hit', values: [] } }).figure).toMatchObject({ value: null });
  });

  it('does not fall by chance when its history never moved', () => {
    const flat = (recent: number) => ({
      figure: { name: 'x', values: [recent, recent, ...Array.from({ length: 10 }, () => 0.1)] },
    });
    expect(decide(flat(0.1)).verdict).toBe('keep');
    expect(decide(flat(0.09)).verdict).toBe('retrain');
  });

  it('follows the policy it is given', () => {
    const strict = { ...defaultPolicy, sigmas: 1, windows: 1 };
    expect(decide(falling(0.5 - 2 * spread), strict).figure?.fired).toBe(true);
    expect(decide(falling(0.5 - 2 * spread)).figure?.fired).toBe(false);
  });
});

describe('cool-down', () => {
  const wanted = { ageDays: 9, rowsNow: 2000 };

  it.each([
    ['an hour short of it', 23, true],
    ['at its end', 24, false],
    ['after it', 25, false],
  ])('%s', (_, hoursSinceTraining, fired) => {
    const { verdict, coolDown } = decide({ ...wanted, hoursSinceTraining });
    expect(coolDown).toMatchObject({ fired, value: hoursSinceTraining, threshold: 24 });
    expect(verdict).toBe(fired ? 'keep' : 'retrain');
  });

  it('says what it held back', () =>
    expect(decide({ ...wanted, hoursSinceTraining: 5.2 }).summary).toBe(
      "Keep the model although 100.0 % new rows came in the 9 days since the model's data end; 5.0 % after 7 days or more ask for training. The model was made 5 hours ago; within 24 hours none is trained again.",
    ));

  it('does not round the hours up to its end', () =>
    expect(decide({ ...wanted, hoursSinceTraining: 23.7 }).coolDown?.text).toContain('made 23 hours ago'));

  it('holds for a model that this run has trained', () => {
    expect(decide({ trainedNow: true }).summary).toBe(
      'Keep the model: it was trained in this run, and nothing speaks against it.',
    );
    const against = decide({ ...wanted, trainedNow: true });
    expect(against.verdict).toBe('keep');
    expect(against.summary).toContain('This run has trained the model.');
  });
});
