import { isCancellation } from '@temporalio/workflow';
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
  /** Outputs of items that succeeded before; they are not run again. */
  readonly done: Readonly<Record<string, Json>>;
  /** Why items failed before, in this execution; they are not run again either. */
  readonly failedBefore: Readonly<Record<string, string>>;
  readonly runOne: (call: StepCall) => Promise<Json>;
  readonly record: (...changes: RunChange[]) => Promise<void>;
  /** Holds the next item while the run is paused; undefined when it is not. */
  readonly hold: () => Promise<void> | undefined;
  /** True when no further item may start, because the workflow's history has become long. */
  readonly isFull: () => boolean;
}

/** Thrown by a mapped step that goes on in the next workflow of the run. */
export class Unfinished extends Error {}

/**
 * Runs a step once per item, `map.concurrency` at a time, in the list's order. No further item starts once more than
 * the tolerated share failed; those under way finish.
 *
 * @returns `{ [key]: output }` of the items that succeeded.
 * @throws STEP_FAILED naming the failed items; a cancellation as it comes; {@link Unfinished}.
 */
export async function runMappedStep(mapped: MappedStep): Promise<Json> {
  const { step, map, call, states, params, done, failedBefore, runOne, record, hold, isFull } = mapped;
  const items = evaluateItems(map.over, map.key, scopeOf(states, params));
  const outputs = new Map(
    items.flatMap(({ key }) => (Object.hasOwn(done, key) ? [[key, done[key] ?? null] as const] : [])),
  );
  const failed = items.flatMap(({ key }) =>
    Object.hasOwn(failedBefore, key) ? [{ key, message: failedBefore[key] ?? '' }] : [],
  );
  const open = items.filter(({ key }) => !outputs.has(key) && !Object.hasOwn(failedBefore, key));
  const change = (status: 'running' | 'succeeded', output?: Json): Promise<void> =>
    record({
      kind: 'step',
      stepId: step.id,
      mapKey: '',
      status,
      progress: { done: status === 'running' ? outputs.size : items.length, total: items.length, unit: 'items' },
      ...(output === undefined ? {} : { output }),
    });
  await change('running');

  const tooMany = () => failed.length > map.toleratedFailures * items.length;
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = open[next++]; item && !tooMany() && !isFull(); item = open[next++]) {
      const held = hold();
      if (held) await held;
      try {
        outputs.set(item.key, await runOne({ ...call, inputs: {}, item: { ...item, needs: step.needs } }));
      } catch (error) {
        if (isCancellation(error)) throw error;
        const info = failureOf(error, step.id);
        failed.push({ key: item.key, message: info.message });
        await record({ kind: 'step', stepId: step.id, mapKey: item.key, status: 'failed', error: info });
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(map.concurrency, open.length) }, lane));
  const broken = lanes.find((l) => l.status === 'rejected');
  if (broken) throw broken.reason;

  // Whoever took an item when the history was full has left it: the count tells.
  if (!tooMany() && outputs.size + failed.length < items.length) throw new Unfinished();

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
