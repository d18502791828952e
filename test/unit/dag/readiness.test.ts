import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readiness, runVerdict, type StepState } from '../../../domain/dag/readiness.ts';
import { planOf } from '../../support/plans.ts';
import { modelOf, planOfRandom, randomDag } from '../../support/random-dag.ts';

/** A random DAG: step i needs some of the steps before it; some steps fail. */
const dags = fc
  .integer({ min: 1, max: 60 })
  .chain((size) =>
    fc.tuple(
      fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: size, maxLength: size }),
      fc.array(fc.boolean(), { minLength: size, maxLength: size }),
    ),
  );

describe('readiness', () => {
  it('runs exactly the steps no failure lies before, each after its needs', () => {
    fc.assert(
      fc.property(dags, ([draws, fails]) => {
        const needs = draws.map((numbers, i) => [...new Set(i === 0 ? [] : numbers.map((n) => n % i))]);
        const plan = planOf(
          Object.fromEntries(needs.map((before, i) => [`s${i}`, { needs: before.map((n) => `s${n}`) }])),
        );
        const states = new Map<string, StepState>();
        for (let progress = true; progress; ) {
          progress = false;
          for (const step of plan.steps) {
            if (states.has(step.id)) continue;
            const decision = readiness(step, states, {});
            if (decision.kind === 'wait') continue;
            expect(step.needs.every((need) => states.has(need))).toBe(true);
            const status =
              decision.kind === 'skip' ? 'skipped' : fails[Number(step.id.slice(1))] ? 'failed' : 'succeeded';
            states.set(step.id, { status, output: null, blocked: decision.kind === 'skip' });
            progress = true;
          }
        }
        const model: boolean[] = [];
        needs.forEach((before, i) => {
          model[i] = before.every((n) => model[n] && !fails[n]);
          expect(states.get(`s${i}`)?.status === 'skipped').toBe(!model[i]);
        });
        expect(runVerdict(plan, states)).toBe(fails.some((bad, i) => bad && model[i]) ? 'failed' : 'succeeded');
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('ends any DAG as the model says, in whatever order its steps end', () => {
    fc.assert(
      fc.property(randomDag(200), fc.infiniteStream(fc.nat()), (steps, draws) => {
        const plan = planOfRandom(steps);
        const expected = modelOf(steps);
        const states = new Map<string, StepState>();
        for (let open = [...plan.steps]; open.length > 0; open = open.filter(({ id }) => !states.has(id))) {
          const ready = open.flatMap((step) => {
            const decision = readiness(step, states, {});
            return decision.kind === 'wait' ? [] : [{ id: step.id, decision }];
          });
          const { id, decision } = ready[(draws.next().value ?? 0) % ready.length]!;
          const ran = expected.steps.get(id) as StepState['status'];
          const blocked = decision.kind === 'skip' && decision.blocked;
          states.set(id, { status: decision.kind === 'skip' ? 'skipped' : ran, output: null, blocked });
          expect(decision.kind === 'skip').toBe(ran === 'skipped');
        }
        expect(runVerdict(plan, states)).toBe(expected.run);
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it('goes on after a step skipped by its own condition', () => {
    const plan = planOf({ a: {}, b: { needs: ['a'], when: 'false' }, c: { needs: ['b'] } });
    const states = new Map<string, StepState>([
      ['a', { status: 'succeeded', output: 1 }],
      ['b', { status: 'skipped', output: null, blocked: false }],
    ]);
    expect(readiness(plan.steps[2]!, states, {})).toEqual({ kind: 'run' });
  });
});
