import { describe, expect, it } from 'vitest';
import type { GateReading, RolloutRecord } from '../../../contracts/rollouts.ts';
import { formOf, planOf, planWords } from '../../../dashboard/pages/models/plan.ts';
import {
  isBetter,
  metricsOf,
  modelsAnswer,
  modelTraffic,
  trafficWords,
} from '../../../dashboard/pages/models/words.ts';
import {
  clockWords,
  differenceWords,
  gatesAnswer,
  missingOf,
  missingWords,
  stepClock,
  worseText,
} from '../../../dashboard/pages/rollouts/words.ts';
import { planOf as checkedPlan, defaultPlan } from '../../../domain/rollout/index.ts';

const route = (version: number, share: number, configuration = 0) => ({ version, share, configuration });

describe('traffic in words', () => {
  it.each([
    [[route(12, 1)], false, 'Version 12 answers everyone.'],
    [[route(12, 1), route(13, 0)], true, 'Version 12 answers everyone; version 13 is in shadow.'],
    [
      [route(12, 0.95), route(13, 0.05, 2)],
      true,
      'Version 12 answers 95% and version 13 with configuration 2 answers 5%.',
    ],
    [[route(12, 1), route(11, 0)], false, 'Version 12 answers everyone.'],
    [[], false, 'Nothing answers.'],
  ] as const)('%j', (routes, isRollout, words) => expect(trafficWords(routes, isRollout)).toBe(words));

  it('names the markets that have versions of their own', () => {
    const state = { rollout: null, revision: 1, at: '', by: '', reason: '' };
    expect(
      modelTraffic('lists', [
        { ...state, model: 'lists', routes: [route(4, 1)] },
        { ...state, model: 'lists@France', routes: [route(5, 1)] },
        { ...state, model: 'lists-of-others', routes: [route(9, 1)] },
      ]),
    ).toEqual(['Version 4 answers everyone.', 'Version 5 answers everyone in France.']);
  });
});

it('says how many models there are, and how many rollouts wait for people', () => {
  const rollout = (status: RolloutRecord['status']) => ({ status }) as RolloutRecord;
  expect(modelsAnswer(1, [])).toBe('1 model is in the registry; no rollout is under way.');
  expect(modelsAnswer(3, [rollout('paused')])).toBe(
    '3 models are in the registry; 1 rollout is under way and waits for a decision.',
  );
  expect(modelsAnswer(3, [rollout('paused'), rollout('running')])).toBe(
    '3 models are in the registry; 2 rollouts are under way, 1 of them waits for a decision.',
  );
});

it('orders metrics as their facts do, and knows which way is better', () => {
  const facts = { title: '', use: [], limits: [], metrics: { loss: { title: 'Loss', better: 'lower' as const } } };
  expect(metricsOf({ metrics: { rows: 3, loss: 0.5, note: 'x' }, facts }).map(({ name }) => name)).toEqual([
    'loss',
    'rows',
  ]);
  expect(isBetter(-0.1, 'lower')).toBe(true);
  expect(isBetter(0.1, 'lower')).toBe(false);
  expect(isBetter(0, 'lower')).toBe(null);
  expect(isBetter(1, null)).toBe(null);
});

describe('the plan of a rollout in a form', () => {
  it('comes back as it was, and holds', () => {
    const form = formOf(defaultPlan);
    expect(planWords(form.steps)).toBe('shadow → 5 % → 25 % → 100 %');
    const plan = planOf(form, defaultPlan);
    expect(plan).toEqual({ steps: defaultPlan.steps, gates: defaultPlan.gates, onInconclusive: 'pause' });
    expect(checkedPlan(null, plan)).toEqual(defaultPlan);
  });

  it('leaves out gates that are switched off', () => {
    const form = formOf(defaultPlan);
    const gates = form.gates.map((gate) => ({ ...gate, isOn: gate.name !== 'latency' }));
    expect(planOf({ ...form, gates }, defaultPlan).gates.map(({ name }) => name)).toEqual(['errors']);
  });
});

describe('a rollout under way', () => {
  const reading = (given: Partial<GateReading>): GateReading => ({
    ...{ gate: 'latency', count: 400, difference: 1.06, chanceIfGood: 1, chanceIfHarmful: 1, state: 'open', text: '' },
    ...given,
  });

  it('says how much evidence is missing', () => {
    const half = missingOf(reading({ chanceIfHarmful: Math.sqrt(0.05) }), defaultPlan);
    expect(half.share).toBeCloseTo(0.5);
    expect(half.pairs).toBe(400);
    expect(missingWords(half)).toBe('50% of the evidence; about 400 more pairs at this pace.');
    expect(missingWords(missingOf(reading({ chanceIfHarmful: 0.9 }), defaultPlan))).toBe('Little evidence yet.');
    expect(missingWords(missingOf(reading({ state: 'fine' }), defaultPlan))).toBe('All the evidence is there.');
  });

  it('says what its gates wait for', () => {
    const rollout = (readings: readonly GateReading[]) =>
      ({ plan: defaultPlan, readings, status: 'running', reason: '' }) as unknown as RolloutRecord;
    expect(gatesAnswer(rollout([]))).toBe('It waits for more evidence about errors and latency.');
    const fine = reading({ gate: 'errors', state: 'fine' });
    expect(gatesAnswer(rollout([fine, reading({ state: 'worse' })]))).toBe('Worse than tolerated: latency.');
    expect(gatesAnswer(rollout([fine, reading({ state: 'fine' })]))).toBe('Its gates have ruled out harm.');
  });

  it('says how long its step goes on', () => {
    const since = Date.parse('2026-11-26T06:00:00Z');
    const rollout = {
      ...{ plan: defaultPlan, step: 1, stepSince: new Date(since).toISOString(), finishedAt: null },
      status: 'running',
    } as RolloutRecord;
    const words = (minutes: number, given: Partial<RolloutRecord> = {}): string =>
      clockWords(stepClock({ ...rollout, ...given }, since + minutes * 60_000), { ...rollout, ...given });
    expect(words(1)).toBe('at least 4 min more, at most 3 h 59 min; then people are asked');
    expect(words(60)).toBe('ends once the gates have decided, at most 3 h; then people are asked');
    expect(words(300)).toBe('its time is over: people are asked');
    expect(words(1, { status: 'paused' })).toBe('paused; the gates go on watching');
    expect(words(1, { finishedAt: rollout.stepSince })).toBe('');
  });

  it('writes differences in the unit of the gate', () => {
    expect(worseText({ kind: 'errors' }, 0.0004)).toBe('+0.04%');
    expect(worseText({ kind: 'latency' }, 1.06)).toBe('×1.06');
    expect(worseText({ kind: 'score' }, -0.012)).toBe('−0.012');
    expect(worseText({ kind: 'score' }, null)).toBe('not known yet');
    expect(differenceWords({ kind: 'errors' }, 0.0004)).toBe('0.04% more fail');
    expect(differenceWords({ kind: 'errors' }, 0)).toBe('as many fail');
    expect(differenceWords({ kind: 'latency' }, 1.06)).toBe('1.06 times as long');
    expect(differenceWords({ kind: 'score' }, -0.012)).toBe('0.012 higher');
  });
});
