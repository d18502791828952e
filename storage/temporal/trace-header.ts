import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { traceparentName } from '../../contracts/tracing.ts';
import { activeTraceparent } from '../../telemetry/tracing.ts';

/** Gives a workflow that is started the trace of what starts it. A run's own trace, kept with it, is in its input. */
export const traceHeader: WorkflowClientInterceptor = {
  start(input, next) {
    const traceparent = activeTraceparent();
    const [first] = input.options.args;
    const hasOwn = typeof first === 'object' && first !== null && traceparentName in first;
    if (traceparent === undefined || hasOwn) return next(input);
    const headers = { ...input.headers, [traceparentName]: defaultPayloadConverter.toPayload(traceparent) };
    return next({ ...input, headers });
  },
};
