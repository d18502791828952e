import type { InjectedSinks } from '@temporalio/worker';
import type { TelemetrySinks } from '../contracts/telemetry.ts';
import type { workflowMetrics } from '../telemetry/metrics/runs.ts';
import { workflowEnded } from '../telemetry/workflows.ts';

/** Makes spans and metrics of what workflows tell when they end. */
export function telemetrySinks(count: ReturnType<typeof workflowMetrics>): InjectedSinks<TelemetrySinks> {
  return {
    telemetry: {
      workflowEnded: {
        fn(info, ended) {
          count(info.workflowType, ended);
          workflowEnded(info, ended);
        },
        callDuringReplay: false,
      },
    },
  };
}
