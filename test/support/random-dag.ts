import fc from 'fast-check';
import type { Plan } from '../../contracts/plan.ts';
import type { StepStatus } from '../../contracts/runs.ts';
import { planOf } from './plans.ts';

/** A step of a random DAG: its shape, and what its code will do. */
export interface RandomStep {
  readonly id: string;
  readonly needs: readonly string[];
  /** `after-failure`: runs when a need failed; `never`: its own condition is false. */
  readonly condition: 'none' | 'always' | 'never' | 'after-failure';
  /** Items of a mapped step, with whether each fails; null: not mapped. */
  readonly items: readonly boolean[] | null;
  readonly tolerated: 0 | 0.5;
  readonly fails: boolean;
  /** Attempts that fail before one succeeds; only of steps that are neither mapped nor failing. */
  readonly failsFirst: 0 | 1;
  readonly onFailure: 'fail' | 'continue';
}

/** Of `fast-check`: DAGs of 1 to `most` steps. */
export function randomDag(most: number): fc.Arbitrary<RandomStep[]> {
  const step = fc.record({
    before: fc.array(fc.nat(), { maxLength: 3 }),
    condition: fc.constantFrom('none', 'none', 'none', 'always', 'never', 'after-failure'),
    items: fc.option(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 }), { freq: 5 }),
    tolerated: fc.constantFrom(0, 0.5),
    fate: fc.integer({ min: 0, max: 19 }),
    onFailure: fc.constantFrom('fail', 'continue'),
  } as const);
  return fc.array(step, { minLength: 1, maxLength: most, size: 'max' }).map((drawn) =>
    drawn.map(({ before, condition, items, tolerated, fate, onFailure }, i) => ({
      id: `s${i}`,
      // Mostly near ones: chains with branches, not one wide layer.
      needs: i === 0 ? [] : [...new Set(before.map((n) => `s${Math.max(0, i - 1 - (n % Math.min(i, 8)))}`))],
      condition: condition === 'after-failure' && (i === 0 || before.length === 0) ? 'none' : condition,
      items: items === null ? null : items.map((n) => n === 0),
      tolerated,
      fails: items === null && fate < 2,
      failsFirst: items === null && fate === 2 ? 1 : 0,
      onFailure,
    })),
  );
}

/** The plan of a random DAG. */
export function planOfRandom(steps: readonly RandomStep[]): Plan {
  return planOf(stepsOfRandom(steps));
}

/** The settings of its steps, by id. */
export function stepsOfRandom(steps: readonly RandomStep[]) {
  return Object.fromEntries(
    steps.map(({ id, needs, condition, items, tolerated, failsFirst, onFailure }) => [
      id,
      {
        needs,
        onFailure,
        retry: { attempts: 1 + failsFirst, initial: '1ms' as const },
        ...whenOf(condition, needs),
        ...(items === null
          ? {}
          : {
              map: {
                over: JSON.stringify(items.map((_, i) => `i${i}`)),
                concurrency: 3,
                toleratedFailures: tolerated,
              },
            }),
      },
    ]),
  );
}

function whenOf(condition: RandomStep['condition'], needs: readonly string[]): { when?: string } {
  if (condition === 'none') return {};
  if (condition !== 'after-failure') return { when: condition === 'always' ? 'true' : 'false' };
  return { when: needs.map((need) => `steps.${need}.status == "failed"`).join(' || ') };
}

export interface Expected {
  readonly run: 'succeeded' | 'failed';
  readonly steps: ReadonlyMap<string, StepStatus>;
}

/**
 * What must become of it: each step in the order of its needs, nothing at the same time as another.
 *
 * @param byHand steps that somebody skipped.
 */
export function modelOf(steps: readonly RandomStep[], byHand: ReadonlySet<string> = new Set()): Expected {
  const statuses = new Map<string, StepStatus>();
  const blocked = new Set<string>();
  for (const step of steps) {
    const failed = step.needs.some((need) => statuses.get(need) === 'failed');
    const bad = failed || step.needs.some((need) => blocked.has(need));
    if (byHand.has(step.id)) {
      statuses.set(step.id, 'skipped');
    } else if (bad && step.condition !== 'after-failure') {
      blocked.add(step.id);
      statuses.set(step.id, 'skipped');
    } else if (step.condition === 'never' || (step.condition === 'after-failure' && !failed)) {
      statuses.set(step.id, 'skipped');
    } else {
      const items = step.items ?? [step.fails];
      const share = step.items === null ? 0 : step.tolerated;
      const fails = items.filter(Boolean).length > share * items.length;
      statuses.set(step.id, fails ? 'failed' : 'succeeded');
    }
  }
  const isLost = steps.some(({ id, onFailure }) => onFailure === 'fail' && statuses.get(id) === 'failed');
  return { run: isLost ? 'failed' : 'succeeded', steps: statuses };
}
