import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { PlanStep } from '../../contracts/plan.ts';
import {
  type ComparedStep,
  type Difference,
  mostDifferences,
  type RunComparison,
} from '../../contracts/run-insight.ts';
import { briefOf, type RunRecord, type StepRecord, type StepStatus } from '../../contracts/runs.ts';

/** A run with what became of its steps. */
export interface ComparedRun {
  readonly run: RunRecord;
  readonly steps: readonly StepRecord[];
}

/** Two runs beside each other, of the same pipeline or not. */
export function compareRuns(a: ComparedRun, b: ComparedRun): RunComparison {
  const [plans, others] = [stepsOf(a.run), stepsOf(b.run)];
  const ids = [...new Set([...plans.keys(), ...others.keys()])];
  return {
    a: briefOf(a.run),
    b: briefOf(b.run),
    params: differences(a.run.params, b.run.params),
    plan: {
      same: a.run.plan.hash === b.run.plan.hash,
      onlyA: ids.filter((id) => !others.has(id)),
      onlyB: ids.filter((id) => !plans.has(id)),
      changed: ids.flatMap((step) => {
        const [own, other] = [plans.get(step), others.get(step)];
        const found = own && other ? differences({ ...own } as unknown as Json, { ...other } as unknown as Json) : [];
        return found.length > 0 ? [{ step, differences: found }] : [];
      }),
    },
    steps: ids.map((step) => {
      const [own, other] = [recordOf(a, step), recordOf(b, step)];
      const hasBoth = own?.output != null && other?.output != null;
      return {
        step,
        a: own && comparedStep(a, own, plans.get(step)),
        b: other && comparedStep(b, other, others.get(step)),
        output: hasBoth ? differences(own.output, other.output) : null,
      };
    }),
  };
}

function stepsOf({ plan }: RunRecord): Map<string, PlanStep> {
  return new Map(plan.steps.map((step) => [step.id, step]));
}

function recordOf({ steps }: ComparedRun, step: string): StepRecord | null {
  return steps.find(({ stepId, mapKey }) => stepId === step && mapKey === '') ?? null;
}

function comparedStep({ steps }: ComparedRun, record: StepRecord, plan: PlanStep | undefined): ComparedStep {
  const items: Partial<Record<StepStatus, number>> = {};
  for (const { stepId, mapKey, status } of steps)
    if (stepId === record.stepId && mapKey !== '') items[status] = (items[status] ?? 0) + 1;
  const { status, startedAt, finishedAt, attempts, metrics, cachedFrom, reason, error } = record;
  return {
    ...{ status, metrics, items, reason, attempts: attempts.length, cached: cachedFrom !== null },
    seconds: startedAt && finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000 : null,
    error: error && ({ ...error } as unknown as JsonObject),
    codeVersion: plan?.codeVersion ?? '',
  };
}

/** Where two values differ, at most {@link mostDifferences} places, from the outside in. */
function differences(a: Json, b: Json): Difference[] {
  const found: Difference[] = [];
  const walk = (own: Json | undefined, other: Json | undefined, path: readonly string[]): void => {
    if (found.length === mostDifferences || isDeepStrictEqual(own, other)) return;
    if (isBranch(own) && isBranch(other) && Array.isArray(own) === Array.isArray(other)) {
      const [left, right] = [own as JsonObject, other as JsonObject];
      for (const name of new Set([...Object.keys(left), ...Object.keys(right)]))
        walk(left[name], right[name], [...path, name]);
      return;
    }
    found.push({
      path: path.join('.'),
      ...(own === undefined ? {} : { a: own }),
      ...(other === undefined ? {} : { b: other }),
    });
  };
  walk(a, b, []);
  return found;
}

function isBranch(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null;
}
