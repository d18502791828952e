import { ApplicationFailure, type Context } from '@temporalio/activity';
import { CancelledFailure, defaultPayloadConverter, type Headers } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { StepCall } from '../contracts/activities.ts';
import { traceparentName } from '../contracts/tracing.ts';
import { log, withLogFields } from '../telemetry/log.ts';
import type { StepObserver } from '../telemetry/metrics/steps.ts';
import { traced } from '../telemetry/tracing.ts';
import { stepAttributes, stepFields } from './step-names.ts';

/** Makes every activity a span of the trace of its workflow, gives its lines of logs what it is about, and measures steps. */
export function activityInterceptors(observer: StepObserver): ActivityInterceptorsFactory {
  return (context) => ({
    inbound: {
      execute({ args, headers }, next) {
        const { activityType, isLocal, workflowExecution } = context.info;
        const step = activityType === 'runStep' ? stepOf(context, args[0] as StepCall) : undefined;
        const attributes = {
          'temporal.activity.type': activityType,
          'temporal.workflow.id': workflowExecution?.workflowId ?? '',
          'temporal.run.id': workflowExecution?.runId ?? '',
          'temporal.activity.local': isLocal,
          ...step?.attributes,
        };
        const work = () => next({ args, headers });
        const run = () =>
          traced(`RunActivity:${activityType}`, { attributes, parent: parentIn(headers) }, () =>
            step ? observed(context, step.call, observer, work) : work(),
          );
        return step ? withLogFields(step.fields, run) : run();
      },
    },
  });
}

/** Where the trace goes on from; without a header, as from an older worker, the activity is a trace of its own. */
function parentIn(headers: Headers): string | undefined {
  const payload = headers[traceparentName];
  return payload ? defaultPayloadConverter.fromPayload<string>(payload) : undefined;
}

function stepOf({ info }: Context, call: StepCall) {
  const attempt = (call.attemptBase ?? 0) + info.attempt;
  return { call, fields: stepFields(call, attempt), attributes: stepAttributes(call, attempt) };
}

async function observed(
  { info }: Context,
  { pipeline, step }: StepCall,
  observer: StepObserver,
  work: () => Promise<unknown>,
): Promise<unknown> {
  const from = performance.now();
  const names = { pipeline, step: step.id };
  observer.started(names, Math.max(0, Date.now() - info.currentAttemptScheduledTimestampMs) / 1000);
  const ended = (outcome: 'succeeded' | 'failed' | 'cancelled', code?: string): void =>
    observer.ended(names, { outcome, seconds: (performance.now() - from) / 1000, ...(code ? { code } : {}) });
  log().debug('the attempt begins');
  try {
    const output = await work();
    ended('succeeded');
    log().debug('the attempt has succeeded');
    return output;
  } catch (error) {
    const isStopped = error instanceof CancelledFailure;
    const code = error instanceof ApplicationFailure ? (error.type ?? 'INTERNAL') : 'INTERNAL';
    ended(isStopped ? 'cancelled' : 'failed', code);
    if (isStopped) log().info('the attempt was stopped');
    else log().warn({ code, reason: error instanceof Error ? error.message : String(error) }, 'the attempt has failed');
    throw error;
  }
}
