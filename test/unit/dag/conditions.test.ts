import { describe, expect, it } from 'vitest';
import {
  evaluateCondition,
  evaluateExpression,
  evaluateItems,
  inspectExpression,
} from '../../../domain/dag/conditions.ts';

const scope = {
  params: { n: 3, markets: ['DE', 'FR'], mode: 'auto' },
  steps: {
    'plan-training': { status: 'succeeded', output: { train: true } },
    list: { status: 'succeeded', output: [{ id: 1 }, { id: 2 }] },
  },
};

describe('expressions', () => {
  it.each([
    ['params.n == 3', true],
    ['params.n > 3', false],
    ['steps["plan-training"].output.train && params.mode != "never"', true],
    ['size(params.markets) == 2', true],
    ['has(params.missing) && params.missing', false],
    ['steps.list.status == "succeeded"', true],
  ])('%s is %s', (text, value) => expect(evaluateCondition(text, scope)).toBe(value));

  it('says which steps are read and whether a status is', () => {
    const use = inspectExpression('steps.a.status == "failed" || steps["b-c"].output.x');
    expect([...use.steps].sort()).toEqual(['a', 'b-c']);
    expect(use.readsStatus).toBe(true);
    expect(inspectExpression('steps.a.output.x').readsStatus).toBe(false);
  });

  it('gives numbers back as JSON numbers', () => expect(evaluateExpression('size(params.markets) + 1', scope)).toBe(3));

  it.each([
    ['params.nope == 1', /No such key: nope/],
    ['params.mode', /gave "auto", not true or false/],
    ['1 +', /not valid/],
  ])('%s is refused with a reason', (text, message) => expect(() => evaluateCondition(text, scope)).toThrow(message));
});

describe('items of a map', () => {
  it('uses strings as their own keys and the index otherwise', () => {
    expect(evaluateItems('params.markets', undefined, scope).map((i) => i.key)).toEqual(['DE', 'FR']);
    expect(evaluateItems('steps.list.output', undefined, scope).map((i) => i.key)).toEqual(['0', '1']);
    expect(evaluateItems('steps.list.output', '"m" + string(item.id)', scope).map((i) => i.key)).toEqual(['m1', 'm2']);
  });
  it('refuses keys that are not unique', () =>
    expect(() => evaluateItems('steps.list.output', '"x"', scope)).toThrow(/"x", which is taken/));
  it('refuses what is no list', () => expect(() => evaluateItems('params.n', undefined, scope)).toThrow(/not a list/));
});
