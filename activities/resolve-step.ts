import type { StepCall } from '../contracts/activities.ts';
import { PerennialError } from '../contracts/errors.ts';
import { codeVersionOf } from '../domain/dag/command.ts';
import type { AnyPipeline, StepDefinition } from '../domain/dag/definition.ts';

/** The definition of a called step. PIPELINE_UNKNOWN or NOT_FOUND when this worker's code does not have it. */
export function resolveStep(pipelines: ReadonlyMap<string, AnyPipeline>, call: StepCall): StepDefinition {
  const pipeline = pipelines.get(call.pipeline);
  const step = pipeline?.steps[call.step.id];
  if (step) return step as StepDefinition;
  throw new PerennialError(
    pipeline ? 'NOT_FOUND' : 'PIPELINE_UNKNOWN',
    pipeline
      ? `Pipeline "${call.pipeline}" has no step "${call.step.id}" in this worker's code.`
      : `This worker does not know the pipeline "${call.pipeline}".`,
    { remedy: 'Deploy a worker whose code has it, then run again.' },
  );
}

/** Code versions of all steps of the called pipeline, as this worker's code has them. */
export function stepVersionsOf(pipelines: ReadonlyMap<string, AnyPipeline>, call: StepCall): Record<string, string> {
  const steps = Object.entries(pipelines.get(call.pipeline)?.steps ?? {});
  return Object.fromEntries(steps.map(([id, step]) => [id, codeVersionOf(step as StepDefinition)]));
}
