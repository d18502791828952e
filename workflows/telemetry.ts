import { defaultPayloadConverter } from '@temporalio/common';
import {
  ContinueAsNew,
  type Headers,
  isCancellation,
  proxySinks,
  type WorkflowInterceptorsFactory,
  workflowInfo,
} from '@temporalio/workflow';
import type { DagRunInput, DagRunResult } from '../contracts/activities.ts';
import { workflowTypes } from '../contracts/names.ts';
import type { TelemetrySinks, WorkflowEnded } from '../contracts/telemetry.ts';
import { formatTraceparent, parseTraceparent, traceparentName, workflowSpan } from '../contracts/tracing.ts';

const { telemetry } = proxySinks<TelemetrySinks>();

/**
 * Hands the trace that a workflow is part of on to what it starts, and tells its worker when it ends. Nothing of it stands
 * in commands but headers, which are not compared: histories of versions that knew no traces replay.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const { runId, runStartTime, workflowType } = workflowInfo();
  let given: string | undefined;
  let own: string | undefined;
  const traced = <Input extends { readonly headers: Headers }>(input: Input): Input =>
    own === undefined ? input : { ...input, headers: { ...input.headers, [traceparentName]: toHeader(own) } };
  return {
    inbound: [
      {
        async execute(input, next) {
          given = fromHeader(input.headers) ?? (input.args[0] as Partial<DagRunInput> | undefined)?.traceparent;
          const parent = parseTraceparent(given);
          if (parent) own = formatTraceparent(workflowSpan(parent, runId));
          const ended = (outcome: WorkflowEnded['outcome'], result?: unknown): void =>
            telemetry.workflowEnded({
              ...(parent && given ? { parent: given } : {}),
              startedAt: runStartTime.getTime(),
              outcome,
              ...(workflowType === workflowTypes.dagRun ? { run: runOf(input.args[0], result, runStartTime) } : {}),
            });
          try {
            const result = await next(input);
            ended('completed', result);
            return result;
          } catch (error) {
            if (error instanceof ContinueAsNew) ended('continued');
            else ended(isCancellation(error) ? 'cancelled' : 'failed');
            throw error;
          }
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(traced(input)),
        scheduleLocalActivity: (input, next) => next(traced(input)),
        startChildWorkflowExecution: (input, next) => next(traced(input)),
        // What goes on is a span beside this one, not below it.
        continueAsNew: (input, next) =>
          next(given ? { ...input, headers: { ...input.headers, [traceparentName]: toHeader(given) } } : input),
      },
    ],
  };
};

function runOf(input: unknown, result: unknown, startTime: Date): NonNullable<WorkflowEnded['run']> {
  const { runId, plan, carried } = input as DagRunInput;
  return {
    id: runId,
    pipeline: plan.pipeline,
    status: (result as DagRunResult | undefined)?.status ?? 'failed',
    startedAt: carried?.beganAt ?? startTime.getTime(),
  };
}

function toHeader(traceparent: string) {
  return defaultPayloadConverter.toPayload(traceparent);
}

function fromHeader(headers: Headers): string | undefined {
  const payload = headers[traceparentName];
  const value = payload ? defaultPayloadConverter.fromPayload<unknown>(payload) : undefined;
  return typeof value === 'string' ? value : undefined;
}
