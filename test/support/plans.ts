import { Type } from 'typebox';
import type { Plan } from '../../contracts/plan.ts';
import { compilePlan } from '../../domain/dag/compile.ts';
import type { StepDefinition } from '../../domain/dag/definition.ts';

/** A plan from steps that hold nothing but their shape. */
export function planOf(steps: Record<string, Omit<Partial<StepDefinition>, 'run'>>): Plan {
  return compilePlan({
    id: 'demo',
    title: 'Demo',
    description: 'For tests.',
    params: Type.Object({}),
    steps: Object.fromEntries(
      Object.entries(steps).map(([id, step]) => [id, { retry: { attempts: 1 }, run: () => null, ...step }]),
    ),
  });
}
