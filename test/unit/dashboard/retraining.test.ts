import { describe, expect, it } from 'vitest';
import type { DecisionShown } from '../../../contracts/decisions.ts';
import { definitionOf, differencesOf, faultOf, valuesOf } from '../../../dashboard/pages/retraining/policy-form.ts';
import { figuresOf, retrainingAnswer, ruleName } from '../../../dashboard/pages/retraining/words.ts';
import { fillPolicy } from '../../../domain/monitoring/retraining/index.ts';
import { offersPolicy } from '../../../pipelines/offers/policy.ts';

const policy = fillPolicy({
  ...{ ...offersPolicy, pipeline: 'offers', drift: null, maxAgeDays: 90 },
  kpis: [
    { name: 'realised_hit', limit: 0.2 },
    { name: 'coverage', market: 'France', bad: 'high' },
  ],
});

describe('the form of a policy', () => {
  it('gives back the policy it was filled with', () => {
    expect(fillPolicy(definitionOf(valuesOf(policy)))).toEqual(policy);
    const drifting = fillPolicy({ ...offersPolicy, pipeline: 'offers' });
    expect(fillPolicy(definitionOf(valuesOf(drifting)))).toEqual(drifting);
  });

  it('takes an empty field for none where there may be none, and leaves what is no number to be refused', () => {
    const values = valuesOf(policy);
    const fields = { ...values.fields, maxAgeDays: '', budgetHoursPerMonth: ' ', 'newData.share': 'much' };
    expect(definitionOf({ ...values, fields })).toMatchObject({
      ...{ maxAgeDays: null, budgetHoursPerMonth: null, drift: null },
      newData: { share: 'much', minAgeDays: 7 },
    });
  });

  it('finds the faults of the API by the fields they name', () => {
    const faults = [
      { field: 'body.newData.share', message: 'must be at least 0' },
      { field: 'body.policy.kpis[1].sigmas', message: 'must be more than 0' },
      { field: 'training.params.nonsense', message: 'is not a parameter' },
    ];
    expect(faultOf(faults, 'newData.share')).toBe('must be at least 0');
    expect(faultOf(faults, 'kpis.1.sigmas')).toBe('must be more than 0');
    expect(faultOf(faults, 'training.params')).toBe('is not a parameter');
    expect(faultOf(faults, 'maxAgeDays')).toBeUndefined();
  });

  it('tells two versions apart field by field', () => {
    const later = fillPolicy({ ...policy, coolDownHours: 48, kpis: [{ name: 'realised_hit', limit: 0.25 }] } as never);
    expect(differencesOf(policy, later)).toEqual([
      { path: 'coolDownHours', from: '24', to: '48' },
      expect.objectContaining({ path: 'kpis realised_hit' }),
      expect.objectContaining({ path: 'kpis coverage of France', to: 'not watched' }),
    ]);
    expect(differencesOf(policy, policy)).toEqual([]);
  });
});

describe('decisions in words', () => {
  const now = Date.parse('2026-11-26T07:00:00Z');
  const decision = (model: string, day: string, run: boolean): DecisionShown =>
    ({
      ...{ model, at: `2026-11-${day}T05:00:00Z`, effective: run ? 'retrain' : 'keep' },
      links: { run: run ? { id: 'r', status: 'succeeded', hours: 1 } : null },
    }) as DecisionShown;

  it('answers how many models were retrained this week, and what waits', () => {
    const decisions = [
      decision('a', '25', true),
      decision('a', '22', true),
      decision('b', '21', true),
      decision('c', '10', true),
    ];
    expect(retrainingAnswer(decisions, 1, now)).toBe(
      '2 models were retrained this week (a and b); 1 decision waits for approval.',
    );
    expect(retrainingAnswer([decision('a', '25', false)], 0, now)).toBe(
      'No model was retrained this week; no decision waits for approval.',
    );
  });

  it('gives the figures of a rule with their units', () => {
    const reason = { fired: true, text: '', value: 0.064, threshold: 0.05 };
    expect(figuresOf({ ...reason, rule: 'new-data' })).toBe('6.4%, threshold 5%');
    expect(figuresOf({ ...reason, rule: 'kpi:hit@France', value: 0.31, threshold: null })).toBe('0.31');
    expect(ruleName('kpi:hit@France')).toBe('hit of France');
  });
});
