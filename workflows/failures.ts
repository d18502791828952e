import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { type ErrorInfo, toErrorInfo } from '../contracts/errors.ts';

/** What made a step fail, in words people can act on. */
export function failureOf(error: unknown, stepId: string): ErrorInfo {
  if (isCancellation(error)) return { code: 'CANCELLED', message: `Step "${stepId}" was cancelled.` };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const info = cause.details?.[0] as ErrorInfo | undefined;
    if (info?.code) return info;
  }
  if (cause instanceof TimeoutFailure) {
    return cause.timeoutType === 'HEARTBEAT'
      ? {
          code: 'STEP_CRASHED',
          message: `The worker of step "${stepId}" stopped answering.`,
          remedy: 'Look into the log of the worker; too little memory is the usual cause.',
        }
      : {
          code: 'STEP_FAILED',
          message: `Step "${stepId}" took longer than its timeout.`,
          remedy: 'Raise the timeout of the step, or give it less work.',
        };
  }
  return toErrorInfo(cause ?? error, 'STEP_FAILED');
}
