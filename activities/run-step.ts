import { ApplicationFailure, Context } from '@temporalio/activity';
import type { StepCall } from '../contracts/activities.ts';
import { type ErrorInfo, PerennialError, toErrorInfo } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import type { StepAddress } from '../contracts/runs.ts';
import { codeVersionOf } from '../domain/dag/command.ts';
import type { StepDefinition } from '../domain/dag/definition.ts';
import { schemaFaults } from '../domain/dag/params.ts';
import { cacheKey, lookUp, sizeOf } from '../domain/dag/step-cache.ts';
import { redactError } from '../telemetry/redact.ts';
import type { DagRunActivityDeps } from './dependencies.ts';
import type { InputReader } from './inputs.ts';
import { recordStart } from './record-start.ts';
import { createReporter, type Reporter } from './reporter.ts';
import { untilAvailable } from './resilience.ts';
import { resolveStep, stepVersionsOf } from './resolve-step.ts';
import { runInWorker } from './run-in-worker.ts';
import { stopOf } from './stop.ts';

/** Of one attempt: it goes through the records and Temporal's messages. */
const maxOutput = 524_288;

/** Runs one attempt of a step: beats for it, records what happens, takes a cached output where there is one, maps errors. */
export async function runStep(deps: DagRunActivityDeps, inputsOf: InputReader, call: StepCall): Promise<Json> {
  const context = Context.current();
  const { retryPolicy } = context.info;
  const attempt = (call.attemptBase ?? 0) + context.info.attempt;
  const signal = context.cancellationSignal;
  const ref: StepAddress = { runId: call.runId, stepId: call.step.id, mapKey: call.item?.key ?? '' };
  if (context.info.attempt > 1) {
    // An attempt may have written down its success and died before it could tell: what succeeded is never done twice.
    const done = await untilAvailable(() => deps.runs.succeeded(ref), signal);
    if (done) return done.output;
  }
  const beat = setInterval(() => context.heartbeat(), Math.min(1_000, call.step.heartbeatMs / 3));
  const reporter = createReporter(deps.runs, ref, attempt);
  const start = recordStart(() => untilAvailable(() => deps.runs.attemptStarted(ref, attempt, deps.worker), signal));
  try {
    const complete = { ...call, inputs: await inputsOf(call, signal) };
    const { output, from } = await cached(deps, complete, ref, () =>
      execute(deps, complete, attempt, reporter, signal),
    );
    if (start.cancel() || from) {
      const ran = { worker: deps.worker, startedAt: start.at, output, ...(from ? { cachedFrom: from } : {}) };
      await start.settled();
      await untilAvailable(() => deps.runs.attemptSucceeded(ref, attempt, ran));
      await reporter.flush();
    } else {
      await start.recorded();
      await reporter.flush();
      await untilAvailable(() => deps.runs.attemptFinished(ref, attempt, { status: 'succeeded', output }));
    }
    return output;
  } catch (error) {
    await start.recorded().catch(() => undefined);
    const stop = stopOf(signal);
    const cancelled = stop === 'cancelled';
    const info = redactError(
      typeof stop === 'object' ? stop : toErrorInfo(error, cancelled ? 'CANCELLED' : 'STEP_FAILED'),
    );
    const retry = typeof stop === 'object' || isRetryable(info, error);
    const final = !retry || context.info.attempt >= (retryPolicy?.maximumAttempts ?? Number.POSITIVE_INFINITY);
    await reporter.flush();
    await untilAvailable(() =>
      deps.runs.attemptFinished(
        ref,
        attempt,
        cancelled
          ? { status: 'cancelled', error: info, final: true }
          : { status: 'failed', error: info, final: final && typeof stop !== 'object' },
      ),
    );
    if (cancelled) await context.cancelled;
    throw ApplicationFailure.create({ message: info.message, type: info.code, nonRetryable: !retry, details: [info] });
  } finally {
    clearInterval(beat);
    // What could not be written while PostgreSQL was away.
    await reporter.flush();
    reporter.close();
  }
}

/** The output of an earlier run where the step cache has one, else of `work`, which is kept then. */
async function cached(
  { cache, services }: DagRunActivityDeps,
  call: StepCall,
  ref: StepAddress,
  work: () => Promise<Json>,
): Promise<{ output: Json; from?: StepAddress }> {
  const key = cacheKey(call);
  if (key === null) return { output: await work() };
  const found = await untilAvailable(() => lookUp(cache, services.artifacts, key, call.cache?.maxAgeMs));
  if (found) return found;
  const output = await work();
  const entry = { pipeline: call.pipeline, output, from: ref, bytes: sizeOf(output) };
  await untilAvailable(() => cache.put(key, entry));
  return { output };
}

/** Waits until the worker has the memory that the step states, by the code it runs. */
function withMemory(
  { memory }: DagRunActivityDeps,
  { resources }: StepDefinition,
  reporter: Reporter,
  signal: AbortSignal,
  work: () => Promise<Json>,
): Promise<Json> {
  if (memory === undefined) return work();
  const memoryMiB = resources?.memoryMiB ?? 0;
  const waits = (free: number): void =>
    reporter.log('info', `Waits for memory of its worker: it states ${memoryMiB} MiB, ${free} are free.`);
  return memory.hold(memoryMiB, { signal, waits }, work);
}

async function execute(
  deps: DagRunActivityDeps,
  call: StepCall,
  attempt: number,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<Json> {
  const step = resolveStep(deps.pipelines, call);
  const version = codeVersionOf(step);
  if (version !== call.step.codeVersion) {
    reporter.log(
      'warn',
      `The plan was made for version ${call.step.codeVersion} of this step; this worker runs version ${version}.`,
    );
  }
  const output = await withMemory(deps, step, reporter, signal, () =>
    step.isolation === 'process' && !step.command
      ? deps.runInProcess(call, attempt, reporter, signal)
      : runInWorker(step, call, {
          ...{ attempt, reporter, signal, services: deps.services, scratch: deps.scratch },
          stepVersions: stepVersionsOf(deps.pipelines, call),
        }),
  );
  signal.throwIfAborted();
  const bytes = Buffer.byteLength(JSON.stringify(output ?? null));
  if (bytes > maxOutput) {
    throw new PerennialError(
      'PROGRAM_FAILED',
      `The output of step "${call.step.id}" is ${bytes} bytes, above ${maxOutput}.`,
      {
        remedy: 'Return references to artifacts (services.artifacts), not the data itself.',
      },
    );
  }
  const faults = step.output ? schemaFaults(step.output, output) : [];
  if (faults.length > 0) {
    throw new PerennialError(
      'STEP_FAILED',
      `The output of step "${call.step.id}" does not fit its schema: ${faults.map((f) => `${f.field} ${f.message}`).join('; ')}.`,
      {
        fields: faults,
        remedy: 'Correct the step or its output schema.',
      },
    );
  }
  return output;
}

/** Coded errors say it themselves; anything else may be passing. */
function isRetryable(info: ErrorInfo, error: unknown): boolean {
  return error instanceof PerennialError ? error.retry : info.code !== 'CANCELLED';
}
