import { randomUUID } from 'node:crypto';
import { type FieldFault, PerennialError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { Plan } from '../../contracts/plan.ts';
import type { RunRecord, StepRecord, Trigger } from '../../contracts/runs.ts';
import type { NewRun } from '../ports/runs.ts';
import { compilePlan } from './compile.ts';
import type { AnyPipeline, StepDefinition } from './definition.ts';
import { limitsOf } from './limits.ts';
import { schemaFaults, validateParams } from './params.ts';
import { partitionName, partitionOf } from './partition.ts';
import { behind, checkSteps } from './restart.ts';

export interface RerunRequest {
  /** Steps to run again, with all behind them; default: every step. */
  readonly from?: readonly string[];
  /** `run`: the plan of the earlier run; `newest`: the plan of this code. Default `newest`. */
  readonly code?: 'run' | 'newest';
  /** Parameters that differ; only when every step runs again, since outputs that stay were made with the old ones. */
  readonly params?: JsonObject;
  /** Whether steps may take outputs from the step cache; default: as the earlier run. */
  readonly cache?: boolean;
  readonly trigger: Trigger;
}

/**
 * A new run that goes on from an earlier one: steps before `from` are taken over with their outputs.
 *
 * @throws VALIDATION_FAILED for unknown steps, or parameters together with `from`; PARAMETER_INVALID; CONFLICT naming
 * every step whose earlier output the plan cannot go on from, with the reason.
 */
export function prepareRerun(
  pipeline: AnyPipeline,
  parent: RunRecord,
  steps: readonly StepRecord[],
  { from, code = 'newest', params: given, cache, trigger }: RerunRequest,
): NewRun {
  const plan = code === 'run' ? parent.plan : compilePlan(pipeline);
  if (from && given && Object.keys(given).length > 0) {
    throw new PerennialError('VALIDATION_FAILED', 'params: cannot change when earlier outputs are kept.', {
      fields: [{ field: 'params', value: given, message: 'cannot be given together with from' }],
      remedy: 'Leave out from, so that every step runs with the new parameters.',
    });
  }
  const params = validateParams(pipeline, { ...parent.params, ...given });
  checkSteps(plan, 'from', from ?? []);
  const again = behind(plan, from ?? plan.steps.map(({ id }) => id));
  const reuse = plan.steps.map(({ id }) => id).filter((id) => !again.has(id));
  refuseMisfits(pipeline, parent, plan, steps, reuse);
  const partition = partitionOf(pipeline, params);
  return {
    id: randomUUID(),
    pipeline: pipeline.id,
    params,
    plan,
    trigger,
    idempotencyKey: null,
    priority: parent.priority,
    limits: limitsOf(pipeline, params),
    partition: partition && partitionName(partition),
    cache: cache ?? parent.cache,
    parentId: parent.id,
    reuse,
  };
}

function refuseMisfits(
  pipeline: AnyPipeline,
  parent: RunRecord,
  plan: Plan,
  steps: readonly StepRecord[],
  reuse: readonly string[],
): void {
  const faults = reuse.flatMap((id): FieldFault[] => {
    const why = misfit(pipeline, parent.plan, plan, steps, id);
    return why ? [{ field: `steps.${id}`, message: why }] : [];
  });
  if (faults.length === 0) return;
  throw new PerennialError(
    'CONFLICT',
    `The plan cannot go on from the outputs of run "${parent.id}": ${faults.map((f) => `${f.field} ${f.message}`).join('; ')}.`,
    { fields: faults, remedy: 'Run again from an earlier step, from the start, or with the code of the run.' },
  );
}

function misfit(
  pipeline: AnyPipeline,
  before: Plan,
  now: Plan,
  steps: readonly StepRecord[],
  id: string,
): string | undefined {
  const old = before.steps.find((step) => step.id === id);
  const current = now.steps.find((step) => step.id === id);
  const record = steps.find((step) => step.stepId === id && step.mapKey === '');
  if (!old || !record) return 'was not part of that run';
  if (record.status !== 'succeeded' && record.status !== 'skipped') return `${record.status} in that run`;
  if (old.codeVersion !== current?.codeVersion)
    return `was version ${old.codeVersion} then and is version ${current?.codeVersion} now`;
  if (Boolean(old.map) !== Boolean(current.map)) return old.map ? 'ran over a list then' : 'runs over a list now';
  const { output } = (pipeline.steps[id] as StepDefinition | undefined) ?? {};
  const faults = record.status === 'succeeded' && output && !current.map ? schemaFaults(output, record.output) : [];
  if (faults.length > 0)
    return `gave an output that no longer fits: ${faults.map((f) => `${f.field} ${f.message}`).join(', ')}`;
  return undefined;
}
