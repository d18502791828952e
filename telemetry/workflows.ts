import type { WorkflowEnded } from '../contracts/telemetry.ts';
import { parseTraceparent, workflowSpan } from '../contracts/tracing.ts';
import { withSpanId } from './span-ids.ts';
import { failed, isTracing, startSpan } from './tracing.ts';

/** Makes the span of a workflow's run when it has ended. */
export function workflowEnded(
  {
    workflowType,
    workflowId,
    runId,
  }: { readonly workflowType: string; readonly workflowId: string; readonly runId: string },
  { parent: given, startedAt, outcome, run }: WorkflowEnded,
): void {
  const parent = isTracing() ? parseTraceparent(given) : undefined;
  if (!parent) return;
  const span = withSpanId(workflowSpan(parent, runId).spanId, () =>
    startSpan(`RunWorkflow:${workflowType}`, {
      parent: given,
      startTime: startedAt,
      attributes: {
        'temporal.workflow.id': workflowId,
        'temporal.run.id': runId,
        'perennial.outcome': outcome,
        ...(run && {
          'perennial.run.id': run.id,
          'perennial.pipeline': run.pipeline,
          'perennial.run.status': run.status,
        }),
      },
    }),
  );
  if (!span) return;
  if (outcome === 'failed' || run?.status === 'failed') failed(span, new Error(`${workflowType} failed`));
  span.end();
}
