import { ApplicationFailure, Context } from '@temporalio/activity';
import type { DagRunActivities, RunChange, StepCall } from '../contracts/activities.ts';
import { type ErrorInfo, PerennialError, toErrorInfo } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import type { AnyPipeline, StepDefinition } from '../domain/dag/definition.ts';
import { schemaFaults } from '../domain/dag/params.ts';
import type { RunRepository, StepRef } from '../domain/ports/runs.ts';
import type { StepServices } from '../domain/ports/step-context.ts';
import { createInputReader, type InputReader } from './inputs.ts';
import { createReporter, type Reporter } from './reporter.ts';
import { untilAvailable } from './resilience.ts';
import { runInWorker } from './run-in-worker.ts';

/** Runs one attempt in a process of its own; resolves to the output. */
export type ProcessRunner = (call: StepCall, attempt: number, reporter: Reporter, signal: AbortSignal) => Promise<Json>;

export interface DagRunActivityDeps {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly runs: RunRepository;
  readonly services: StepServices;
  readonly runInProcess: ProcessRunner;
  /** Shown with every attempt, e.g. `cpu@host:1234`. */
  readonly worker: string;
  /** Folder for the steps' scratch folders. */
  readonly scratch: string;
}

/** The activities of `dagRun`: resolve the step, beat for it, record what happens, map its errors. */
export function createDagRunActivities(deps: DagRunActivityDeps): DagRunActivities {
  const inputsOf = createInputReader(deps.runs);
  return {
    recordChanges: (runId: string, changes: readonly RunChange[]) => deps.runs.apply(runId, changes),
    runStep: (call) => runStep(deps, inputsOf, call),
  };
}

async function runStep(deps: DagRunActivityDeps, inputsOf: InputReader, call: StepCall): Promise<Json> {
  const context = Context.current();
  const { attempt, retryPolicy } = context.info;
  const signal = context.cancellationSignal;
  const ref: StepRef = { runId: call.runId, stepId: call.step.id, mapKey: call.item?.key ?? '' };
  const beat = setInterval(() => context.heartbeat(), Math.min(1_000, call.step.heartbeatMs / 3));
  const reporter = createReporter(deps.runs, ref, attempt);
  const start = recordStart(() => untilAvailable(() => deps.runs.attemptStarted(ref, attempt, deps.worker), signal));
  try {
    const inputs = await inputsOf(call, signal);
    const output = await execute(deps, { ...call, inputs }, attempt, reporter, signal);
    if (start.cancel()) {
      const ran = { worker: deps.worker, startedAt: start.at, output };
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
    const shutdown = signal.aborted && String(signal.reason?.message ?? signal.reason).includes('WORKER_SHUTDOWN');
    const cancelled = signal.aborted && !shutdown;
    const info = shutdown
      ? { code: 'STEP_CRASHED' as const, message: 'The worker was shut down during the step; it goes on elsewhere.' }
      : toErrorInfo(error, cancelled ? 'CANCELLED' : 'STEP_FAILED');
    const retry = shutdown || isRetryable(info, error);
    const final = !retry || attempt >= (retryPolicy?.maximumAttempts ?? Number.POSITIVE_INFINITY);
    await reporter.flush();
    await untilAvailable(() =>
      deps.runs.attemptFinished(
        ref,
        attempt,
        cancelled ? { status: 'cancelled', error: info, final: true } : { status: 'failed', error: info, final },
      ),
    );
    if (cancelled) await context.cancelled;
    throw ApplicationFailure.create({ message: info.message, type: info.code, nonRetryable: !retry, details: [info] });
  } finally {
    clearInterval(beat);
    reporter.close();
  }
}

/** Attempts shorter than this are recorded once, at their end: half the cost of a short step. */
const startDelayMs = 5;

/** Records a start after a moment, beside the work, unless it is cancelled before. */
function recordStart(record: () => Promise<void>): {
  readonly at: Date;
  /** True when nothing was recorded, nor will be. */
  cancel(): boolean;
  /** Resolves when the start is recorded, at once if need be. */
  recorded(): Promise<void>;
} {
  let recording: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    clearTimeout(timer);
    recording ??= record();
    // Whoever waits for it sees the rejection.
    recording.catch(() => undefined);
    return recording;
  };
  const timer = setTimeout(() => void begin(), startDelayMs);
  return {
    at: new Date(),
    cancel() {
      clearTimeout(timer);
      return recording === undefined;
    },
    recorded: begin,
  };
}

async function execute(
  deps: DagRunActivityDeps,
  call: StepCall,
  attempt: number,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<Json> {
  const step = resolveStep(deps.pipelines, call);
  if ((step.version ?? '1') !== call.step.codeVersion) {
    reporter.log(
      'warn',
      `The plan was made for version ${call.step.codeVersion} of this step; this worker runs version ${step.version ?? '1'}.`,
    );
  }
  const output =
    step.isolation === 'process'
      ? await deps.runInProcess(call, attempt, reporter, signal)
      : await runInWorker(step, call, { attempt, reporter, signal, services: deps.services, scratch: deps.scratch });
  signal.throwIfAborted();
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

/** Coded errors say it themselves; anything else may be passing. */
function isRetryable(info: ErrorInfo, error: unknown): boolean {
  return error instanceof PerennialError ? error.retry : info.code !== 'CANCELLED';
}
