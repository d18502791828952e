import { proxyActivities } from '@temporalio/workflow';
import type { DagRunActivities, StepCall } from '../contracts/activities.ts';
import type { PlanStep } from '../contracts/plan.ts';
import { activityOptionsOf } from '../workflows/step-options.ts';

export { dagRun } from '../workflows/dag-run.ts';

/** The same activities one after the other, called by nothing but Temporal. */
export async function bareChain(step: PlanStep, calls: readonly StepCall[]): Promise<void> {
  const { runStep } = proxyActivities<DagRunActivities>(activityOptionsOf(step));
  for (const call of calls) await runStep(call);
}

/** The first activity, then the second for every item of its result, all at once. */
export async function bareFanout(step: PlanStep, [list, each]: readonly [StepCall, StepCall]): Promise<void> {
  const { runStep } = proxyActivities<DagRunActivities>(activityOptionsOf(step));
  const items = (await runStep(list)) as string[];
  await Promise.all(items.map((key) => runStep({ ...each, item: { key, value: key, needs: ['list'] } })));
}
