import type { StepCall } from '../contracts/activities.ts';
import type { LogFields } from '../telemetry/log.ts';

/** What the lines of the log of an attempt say it is. */
export function stepFields({ runId, pipeline, step, item }: StepCall, attempt: number): LogFields {
  return { run_id: runId, pipeline, step: step.id, attempt, ...(item ? { item: item.key } : {}) };
}

/** What the spans of an attempt say it is. */
export function stepAttributes({ runId, pipeline, step, item }: StepCall, attempt: number) {
  return {
    'perennial.run.id': runId,
    'perennial.pipeline': pipeline,
    'perennial.step': step.id,
    'perennial.attempt': attempt,
    ...(item ? { 'perennial.item': item.key } : {}),
  };
}
