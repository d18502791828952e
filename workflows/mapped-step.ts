import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { RunChange, StepCall } from '../contracts/activities.ts';
import { PerennialError } from '../contracts/errors.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { PlanMap, PlanStep } from '../contracts/plan.ts';
import { evaluateItems } from '../domain/dag/conditions.ts';
import { type StepState, scopeOf } from '../domain/dag/readiness.ts';
import { failureOf } from './failures.ts';

interface MappedStep {
  readonly step: PlanStep;
  readonly map: PlanMap;
  readonly call: Omit<StepCall, 'item'>;
  readonly states: ReadonlyMap<string, StepState>;
  readonly params: JsonObject;
  readonly runOne: (call: StepCall) => Promise<Json>;
  readonly record: (...changes: RunChange[]) => Promise<void>;
}

/**
 * Runs a step once per item, `map.concurrency` at a time, in the list's order. No further item starts once more than
 * the tolerated share failed; those under way finish.
 *
 * @returns `{ [key]: output }` of the items that succeeded.
 * @throws STEP_FAILED naming the failed items; a cancellation as it comes.
 */
export async function runMappedStep({ step, map, call, states, params, runOne, record }: MappedStep): Promise<Json> {
  const items = evaluateItems(map.over, map.key, scopeOf(states, params));
  const change = (status: 'running' | 'succeeded', output?: Json): Promise<void> =>
    record({
      kind: 'step',
      stepId: step.id,
      mapKey: '',
      status,
      progress: { done: status === 'running' ? 0 : items.length, total: items.length, unit: 'items' },
      ...(output === undefined ? {} : { output }),
    });
  await change('running');

  const outputs = new Map<string, Json>();
  const failed: { key: string; message: string }[] = [];
  const tooMany = () => failed.length > map.toleratedFailures * items.length;
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item && !tooMany(); item = items[next++]) {
      try {
        outputs.set(item.key, await runOne({ ...call, inputs: {}, item: { ...item, needs: step.needs } }));
      } catch (error) {
        if (isCancellation(error)) throw error;
        const info = failureOf(error, step.id);
        failed.push({ key: item.key, message: info.message });
        await CancellationScope.nonCancellable(() =>
          record({ kind: 'step', stepId: step.id, mapKey: item?.key ?? '', status: 'failed', error: info }),
        );
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(map.concurrency, items.length) }, lane));
  const broken = lanes.find((l) => l.status === 'rejected');
  if (broken) throw broken.reason;

  if (tooMany()) {
    const shown = failed.slice(0, 3).map(({ key, message }) => `${key}: ${message}`);
    throw new PerennialError(
      'STEP_FAILED',
      `${failed.length} of ${items.length} items failed (${shown.join('; ')}${failed.length > 3 ? '; …' : ''}).`,
      {
        remedy: `Look at the failed items of step "${step.id}"; at most ${map.toleratedFailures * 100} % may fail.`,
      },
    );
  }
  const output = Object.fromEntries(
    items.flatMap(({ key }) => (outputs.has(key) ? [[key, outputs.get(key) ?? null]] : [])),
  );
  await change('succeeded', output);
  return output;
}
