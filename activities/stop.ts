import type { ErrorInfo } from '../contracts/errors.ts';

/**
 * Why an attempt was told to stop: its run was cancelled, paused or skips the step, or Temporal has given the attempt up,
 * with what to say about it. The workflow decides then whether another attempt follows, so that such an attempt never
 * ends its step. Undefined when nobody stopped it.
 */
export function stopOf(signal: AbortSignal): 'cancelled' | ErrorInfo | undefined {
  if (!signal.aborted) return undefined;
  // A name of coresdk.activity_task.ActivityCancelReason.
  const reason = String((signal.reason as Error | undefined)?.message ?? signal.reason);
  if (reason === 'CANCELLED') return 'cancelled';
  if (reason.includes('WORKER_SHUTDOWN'))
    return { code: 'STEP_CRASHED', message: 'The worker was shut down during the step; it goes on elsewhere.' };
  return {
    code: 'STEP_FAILED',
    message: `The attempt ran into its timeout, its heartbeats did not arrive, or its run is gone (${reason}).`,
    remedy: 'Raise the timeout of the step, or give it less work.',
  };
}
