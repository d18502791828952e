import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepCall } from '../contracts/activities.ts';
import type { Json } from '../contracts/json.ts';
import type { StepDefinition } from '../domain/dag/definition.ts';
import type { StepContext, StepServices } from '../domain/ports/step-context.ts';
import { traced } from '../telemetry/tracing.ts';
import { runCommand } from './run-command.ts';
import { stepAttributes } from './step-names.ts';

export interface Surroundings {
  readonly attempt: number;
  readonly reporter: Pick<StepContext, 'progress' | 'metric' | 'log'>;
  readonly signal: AbortSignal;
  readonly services: StepServices;
  readonly scratch: string;
  /** Code versions of the pipeline's steps. */
  readonly stepVersions: StepContext['stepVersions'];
  /** Where its trace goes on from; default: what is under way. */
  readonly traceparent?: string | undefined;
}

/** Calls a step's `run` in this process, or its command. Its scratch folder is made when it asks for it, and removed afterwards. */
export async function runInWorker(step: StepDefinition, call: StepCall, around: Surroundings): Promise<Json> {
  let scratch: string | undefined;
  const context: StepContext = {
    runId: call.runId,
    stepId: call.step.id,
    pipeline: call.pipeline,
    stepVersions: around.stepVersions,
    attempt: around.attempt,
    params: call.params,
    inputs: call.inputs,
    item: call.item && { key: call.item.key, value: call.item.value },
    signal: around.signal,
    services: around.services,
    get scratch() {
      if (scratch === undefined) {
        mkdirSync(around.scratch, { recursive: true });
        scratch = mkdtempSync(join(around.scratch, `${call.step.id}-`));
      }
      return scratch;
    },
    progress: (done, total, unit) => around.reporter.progress(done, total, unit),
    metric: (name, value) => around.reporter.metric(name, value),
    log: (level, message) => around.reporter.log(level, message),
  };
  try {
    const attributes = { ...stepAttributes(call, around.attempt), 'process.pid': process.pid };
    const { command } = step;
    return await traced(`step ${call.step.id}`, { attributes, parent: around.traceparent }, async () =>
      command ? runCommand(command, call, context) : ((await step.run?.(context as StepContext<never>)) ?? null),
    );
  } finally {
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  }
}
